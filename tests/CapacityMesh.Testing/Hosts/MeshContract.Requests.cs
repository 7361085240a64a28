using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Testing;

public abstract partial class MeshContract
{
    private static readonly byte[] Value = "{\"name\":\"x\"}"u8.ToArray();

    private static RowKey RowOf(string key) => new(Business.Workspace, RowTables.Vault, key, "profile");

    private static IdentityClaim Claim(string identity, string contact) => new(Business.Workspace, identity, contact);

    [StoreFact]
    public async Task One_key_at_one_instant_is_one_turn_and_every_caller_hears_the_same()
    {
        await Business.OpenAsync(Mesh);
        var request = Business.Capture("l1", Mesh.Now) with { IdempotencyKey = "post /v1/leads k1", BodyHash = "a" };
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Mesh.AskAsync(request with { Target = Business.Contact("c-" + i) }, default)));
        var answers = results.Select(Assert.IsType<AskResult.Answered>).ToArray();
        Assert.Single(answers, a => !a.Repeated);
        Assert.Single(answers.Select(a => a.Answer).Distinct());
        Assert.Single(await Mesh.Journal.LeadsAsync());
    }

    [StoreFact]
    public async Task A_repeat_after_a_restart_hears_the_first_answer()
    {
        await Business.OpenAsync(Mesh);
        var request = Business.Capture("l1", Mesh.Now) with { IdempotencyKey = "k1", BodyHash = "a" };
        var first = await Mesh.AnswerAsync(request);
        await RestartAsync();
        var repeat = Assert.IsType<AskResult.Answered>(await Mesh.AskAsync(request, default));
        Assert.True(repeat.Repeated);
        Assert.Equal(first, repeat.Answer);
        await Business.AssertCountedOnceAsync(Mesh, 1);
    }

    [StoreFact]
    public async Task Another_body_under_a_used_key_does_nothing()
    {
        await Business.OpenAsync(Mesh);
        Journal.Hold();
        var first = Mesh.AnswerAsync(Business.Capture("l1", Mesh.Now) with { IdempotencyKey = "k1", BodyHash = "a" });
        var other = Business.Capture("l2", Mesh.Now) with { IdempotencyKey = "k1", BodyHash = "b" };
        Assert.IsType<AskResult.KeyReused>(await Mesh.AskAsync(other, default));
        Journal.Release();
        await first;
        Assert.IsType<AskResult.KeyReused>(await Mesh.AskAsync(other, default));
        await RestartAsync();
        Assert.IsType<AskResult.KeyReused>(await Mesh.AskAsync(other, default));
        await Business.AssertCountedOnceAsync(Mesh, 1);
    }

    [StoreFact]
    public async Task A_refusal_under_a_key_is_repeated_too()
    {
        var request = new MeshRequest(Business.Lead("none"), new LeadCommand.Reopen()) { IdempotencyKey = "k1", BodyHash = "a" };
        var first = Assert.IsType<AskResult.Answered>(await Mesh.AskAsync(request, default));
        await RestartAsync();
        var repeat = Assert.IsType<AskResult.Answered>(await Mesh.AskAsync(request, default));
        Assert.True(repeat.Repeated);
        Assert.Equal(first.Answer, repeat.Answer);
    }

    [StoreFact]
    public async Task Rows_and_claims_are_written_with_the_turn()
    {
        await Business.OpenAsync(Mesh);
        var request = Business.Capture("l1", Mesh.Now) with { Rows = [new RowChange(RowOf("c-l1"), Value)], Claims = [Claim("mail-1", "c-l1")] };
        await Mesh.AnswerAsync(request);
        Assert.Equal(Value, (await Mesh.Journal.Rows.GetAsync(RowOf("c-l1"), default))!.Value.ToArray());
        Assert.Equal("c-l1", await Mesh.Journal.IdentityAsync(Business.Workspace, "mail-1", default));
        await Mesh.AnswerAsync(new MeshRequest(Business.Contact("c-l1"), new ContactCommand.Erase())
        {
            Rows = [new RowChange(new RowKey(Business.Workspace, RowTables.Vault, "c-l1"), null)],
            DropClaimsOf = "c-l1",
        });
        Assert.Null(await Mesh.Journal.Rows.GetAsync(RowOf("c-l1"), default));
        Assert.Null(await Mesh.Journal.IdentityAsync(Business.Workspace, "mail-1", default));
    }

    [StoreFact]
    public async Task A_refused_turn_writes_no_rows_and_claims_nothing()
    {
        var request = new MeshRequest(Business.Lead("none"), new LeadCommand.Reopen()) { Rows = [new RowChange(RowOf("x"), Value)], Claims = [Claim("mail-1", "x")] };
        Assert.IsType<AskResult.Answered>(await Mesh.AskAsync(request, default));
        Assert.Null(await Mesh.Journal.Rows.GetAsync(RowOf("x"), default));
        Assert.Null(await Mesh.Journal.IdentityAsync(Business.Workspace, "mail-1", default));
    }

    [StoreFact]
    public async Task An_identity_that_another_contact_has_does_nothing()
    {
        await Business.OpenAsync(Mesh);
        await Mesh.AnswerAsync(Business.Capture("l1", Mesh.Now) with { Claims = [Claim("mail-1", "c-l1")] });
        var taken = Assert.IsType<AskResult.IdentityTaken>(await Mesh.AskAsync(Business.Capture("l2", Mesh.Now) with { Claims = [Claim("mail-1", "c-l2")] }, default));
        Assert.Equal([Claim("mail-1", "c-l2")], taken.Claims);
        await Business.AssertCountedOnceAsync(Mesh, 1);
        Assert.Null(await Mesh.ReadAsync<ContactState>(Business.Contact("c-l2"), default));
    }

    [StoreFact]
    public async Task Of_two_contacts_that_claim_one_identity_at_one_instant_the_second_hears_it_once_the_first_is_durable()
    {
        await Business.OpenAsync(Mesh);
        Journal.Hold();
        var asks = Business.Ids("l", 10).Select(id => Mesh.AskAsync(Business.Capture(id, Mesh.Now) with { Claims = [Claim("mail-1", "c-" + id)] }, default)).ToArray();
        await Mesh.ReadAsync<LeadState>(Business.Lead("other"), default);
        Assert.DoesNotContain(asks, a => a.IsCompleted);
        Journal.Release();
        var results = await Task.WhenAll(asks);
        Assert.Single(results.OfType<AskResult.Answered>());
        Assert.Equal(9, results.OfType<AskResult.IdentityTaken>().Count());
        if (IsOneProcess) Assert.Equal(0, Journal.Conflicts);
        await Business.AssertCountedOnceAsync(Mesh, 1);
    }

    [StoreFact]
    public async Task A_claim_that_loses_takes_no_bystander_with_it()
    {
        await Business.OpenAsync(Mesh);
        await Mesh.AnswerAsync(Business.Capture("l1", Mesh.Now) with { Claims = [Claim("mail-1", "c-l1")] });
        for (var round = 0; round < 10; round++)
        {
            var name = $"r{round}-";
            var loser = Mesh.AskAsync(Business.Capture(name + "x", Mesh.Now) with { Claims = [Claim("mail-1", "c-" + name + "x")] }, default);
            await Task.WhenAll(Business.Ids(name, 8).Select(id => Mesh.AnswerAsync(Business.Capture(id, Mesh.Now))));
            Assert.IsType<AskResult.IdentityTaken>(await loser);
        }
        await Business.AssertCountedOnceAsync(Mesh, 81);
    }
}
