using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Testing;

public abstract partial class MeshContract
{
    [StoreFact]
    public async Task A_question_is_answered_by_the_turn_that_it_was_forwarded_to()
    {
        await Business.OpenAsync(Mesh);
        var captured = Assert.IsType<Captured>(await Mesh.AnswerAsync(Business.Capture("l1", Mesh.Now)));
        Assert.Equal(("l1", IntakeDecision.Admitted, "discovery"), (captured.LeadId, captured.Decision, captured.Stage));
    }

    [StoreFact]
    public async Task A_refusal_is_an_answer_and_changes_nothing()
    {
        var answered = Assert.IsType<AskResult.Answered>(await Mesh.AskAsync(new MeshRequest(Business.Lead("none"), new LeadCommand.Accept("ann")), default));
        Assert.Equal(LeadRejections.Unknown, Assert.IsType<Answer.Rejected>(answered.Answer).Rejection);
        Assert.Null(await Mesh.ReadAsync<LeadState>(Business.Lead("none"), default));
        Assert.Null(await Mesh.Journal.LoadAsync(Business.Lead("none"), default));
    }

    [StoreFact]
    public async Task What_was_answered_is_read_at_once()
    {
        await Business.OpenAsync(Mesh);
        foreach (var id in Business.Ids("l", 20))
        {
            await Mesh.AnswerAsync(Business.Capture(id, Mesh.Now));
            Assert.Equal("c-" + id, (await Mesh.StateAsync<LeadState>(Business.Lead(id))).Contact);
            Assert.Contains(await Mesh.Journal.LeadsAsync(), row => row.LeadId == id);
        }
    }

    [StoreFact]
    public async Task Nothing_is_visible_before_it_is_durable()
    {
        var heard = new Heard();
        using var following = Mesh.Follow(heard.Add);
        Journal.Hold();
        var answer = Mesh.AnswerAsync(Business.Define());
        await Business.EventuallyAsync("the commit arrives", () => Task.FromResult(Journal.Arrived > 0));
        var read = Mesh.ReadAsync<FlowState>(Business.Flow, default);
        // The host is done with the read when it answers one that it received later.
        await Mesh.ReadAsync<LeadState>(Business.Lead("other"), default);
        Assert.False(answer.IsCompleted);
        // A host may wait until it knows, or say what is durable now.
        if (read.IsCompleted) Assert.Null(await read);
        Assert.Equal(0, heard.Count);
        Assert.Null(await Mesh.Journal.LoadAsync(Business.Flow, default));
        Journal.Release();
        Assert.IsType<ProcessPublished>(await answer);
        Assert.Equal(1, (await Mesh.StateAsync<FlowState>(Business.Flow)).Process.Version);
        await Business.EventuallyAsync("it is heard", () => Task.FromResult(heard.Versions().Contains(Business.Flow)));
    }

    [StoreFact]
    public async Task Of_many_questions_to_one_entity_at_once_each_has_a_turn_of_its_own()
    {
        Journal.Hold();
        var answers = Enumerable.Range(0, 50).Select(_ => Mesh.AnswerAsync(Business.Define())).ToArray();
        Journal.Release();
        var versions = (await Task.WhenAll(answers)).Select(a => Assert.IsType<ProcessPublished>(a).Version);
        Assert.Equal(Enumerable.Range(1, 50), versions.Order());
    }

    [StoreFact]
    public async Task Followers_hear_every_turn_once_in_commit_order()
    {
        var heard = new Heard();
        using (Mesh.Follow(heard.Add))
        {
            await Business.OpenAsync(Mesh);
            await Task.WhenAll(Business.Ids("l", 40).Select(id => Mesh.AnswerAsync(Business.Capture(id, Mesh.Now))));
            await Business.AssertCountedOnceAsync(Mesh, 40);
            await heard.AllAsync(Mesh);
        }
        heard.AssertInOrder();
        var count = heard.Count;
        await Mesh.AnswerAsync(Business.Capture("late", Mesh.Now));
        await Business.AssertCountedOnceAsync(Mesh, 41);
        Assert.Equal(count, heard.Count);
    }

    [StoreFact]
    public async Task A_follower_that_fails_stops_nobody()
    {
        using var failing = Mesh.Follow(_ => throw new InvalidOperationException("a defect of a follower"));
        var heard = new Heard();
        using var other = Mesh.Follow(heard.Add);
        await Business.OpenAsync(Mesh);
        await heard.AllAsync(Mesh);
    }

    [StoreFact]
    public async Task More_requests_than_the_host_keeps_are_turned_away_and_do_nothing()
    {
        await Business.OpenAsync(Mesh);
        await RestartAsync(new HostLimits { RequestsMax = 3 });
        Journal.Hold();
        var kept = Business.Ids("l", 3).Select(id => Mesh.AnswerAsync(Business.Capture(id, Mesh.Now))).ToArray();
        await Assert.ThrowsAsync<MeshOverloadedException>(() => Mesh.AskAsync(Business.Capture("over", Mesh.Now), default));
        Journal.Release();
        await Task.WhenAll(kept);
        await Mesh.AnswerAsync(Business.Capture("after", Mesh.Now));
        await Business.AssertCountedOnceAsync(Mesh, 4);
        Assert.Null(await Mesh.ReadAsync<ContactState>(Business.Contact("c-over"), default));
    }

    [StoreFact]
    public async Task Many_who_ask_at_once_share_their_commits()
    {
        await Business.OpenAsync(Mesh);
        Journal.Delay = TimeSpan.FromMilliseconds(2);
        var before = Journal.Batches.Count;
        foreach (var id in Business.Ids("one", 32)) await Mesh.AnswerAsync(Business.Capture(id, Mesh.Now));
        var alone = (double)(Journal.Batches.Count - before) / 32;
        before = Journal.Batches.Count;
        await Task.WhenAll(Business.Ids("a", 64).Select(async asker =>
        {
            foreach (var id in Business.Ids(asker + "-", 8)) await Mesh.AnswerAsync(Business.Capture(id, Mesh.Now));
        }));
        var together = (double)(Journal.Batches.Count - before) / (64 * 8);
        // Without sharing it is once, with all of them in step 64 times; how far they are in step is for the machine to say.
        Assert.True(alone >= 10 * together, $"{alone:0.000} commits per lead alone, {together:0.000} among 64");
    }
}
