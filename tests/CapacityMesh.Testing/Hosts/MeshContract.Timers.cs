using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Testing;

public abstract partial class MeshContract
{
    [StoreFact]
    public async Task An_offer_that_nobody_answers_ends_by_its_timer()
    {
        await Business.OpenAsync(Mesh, concurrent: 1);
        await Mesh.AnswerAsync(Business.Capture("l1", Mesh.Now));
        await PhaseAsync("l1", LeadPhase.Offered);
        Time.Advance(TimeSpan.FromMinutes(5));
        await PhaseAsync("l1", LeadPhase.Queued);
    }

    [StoreFact]
    public async Task A_timer_that_was_cleared_never_fires()
    {
        await Business.OpenAsync(Mesh);
        await Mesh.AnswerAsync(Business.Capture("l1", Mesh.Now));
        await PhaseAsync("l1", LeadPhase.Offered);
        await Mesh.AnswerAsync(new(Business.Lead("l1"), new LeadCommand.Accept("ann")));
        Time.Advance(TimeSpan.FromMinutes(30));
        await TickAsync();
        Assert.Equal(LeadPhase.Working, (await Mesh.StateAsync<LeadState>(Business.Lead("l1"))).Phase);
    }

    [StoreFact]
    public async Task What_fell_due_while_the_host_was_down_fires_when_it_is_back()
    {
        await Mesh.AnswerAsync(Business.Advertise("spring"));
        await Mesh.AnswerAsync(Business.Capture("l1", Mesh.Now));
        await PhaseAsync("l1", LeadPhase.Waitlisted);
        Time.Advance(TimeSpan.FromDays(20));
        await KillAsync();
        await PhaseAsync("l1", LeadPhase.Expired);
        await Business.EventuallyAsync("its row is gone", async () => (await Mesh.Journal.TimersAsync(Mesh.Now, 100, default)).All(t => t.Entity != Business.Lead("l1")));
    }

    [StoreFact]
    public async Task A_timer_far_ahead_is_found_again_when_its_time_comes()
    {
        await Business.OpenAsync(Mesh);
        await Mesh.AnswerAsync(Business.Capture("l1", Mesh.Now));
        await PhaseAsync("l1", LeadPhase.Offered);
        await Mesh.AnswerAsync(new(Business.Lead("l1"), new LeadCommand.Accept("ann")));
        await Mesh.AnswerAsync(new(Business.Lead("l1"), new LeadCommand.Contacted("ann")));
        // The work lease is 14 days, the window an hour: hour by hour, as time goes.
        for (var hour = 0; hour < 14 * 24 + 1; hour++)
        {
            Time.Advance(TimeSpan.FromHours(1));
            if (hour % 24 == 0) await TickAsync();
        }
        await Business.EventuallyAsync("the work came back", async () => (await Mesh.StateAsync<LeadState>(Business.Lead("l1"))).Because == LeadReasons.WorkUntouched);
    }

    [StoreFact]
    public async Task Timers_set_while_the_journal_is_being_looked_through_are_kept()
    {
        await Business.OpenAsync(Mesh, concurrent: 1);
        await RestartAsync(new HostLimits { TimerWindow = TimeSpan.FromMinutes(2) });
        // Each offer lasts five minutes, beyond the window; every minute the host looks again, and leads come all the while.
        for (var minute = 1; minute <= 12; minute++)
        {
            await Mesh.AnswerAsync(Business.Capture($"l{minute:00}", Mesh.Now));
            // Effects may be on their way without ever being written: what fell due has fired, and the lead stands in its line, when all is quiet.
            await Business.EventuallyAsync("nothing is owed, or due, or on its way", async () =>
                (await Mesh.Journal.OutboxAsync(0, 1, default)).Count == 0 && (await Mesh.Journal.TimersAsync(Mesh.Now, 1, default)).Count == 0
                && (await Mesh.Journal.LeadsAsync()) is { } leads && leads.Count == minute && leads.All(l => l.State is "queued" or "offered"));
            Time.Advance(TimeSpan.FromMinutes(1));
        }
        await Business.EventuallyAsync("two offers ended", async () => (await Mesh.StateAsync<PoolState>(Business.Sales)).Waiting.ById.Values.Count(w => w.Lead.LetGo.Length > 0) >= 2);
        foreach (var row in await Mesh.Journal.LeadsAsync())
        {
            var lead = await Mesh.StateAsync<LeadState>(Business.Lead(row.LeadId));
            if (lead.Phase is LeadPhase.Offered) Assert.True(lead.Until > Mesh.Now);
        }
    }

    [StoreFact]
    public async Task A_clock_that_is_set_back_stops_no_timer()
    {
        await Business.OpenAsync(Mesh, concurrent: 1);
        await Mesh.AnswerAsync(Business.Capture("l1", Mesh.Now));
        await PhaseAsync("l1", LeadPhase.Offered);
        Time.SetWall(TimeSpan.FromDays(-3));
        Time.Advance(TimeSpan.FromMinutes(5));
        await PhaseAsync("l1", LeadPhase.Queued);
    }

    private Task PhaseAsync(string lead, LeadPhase phase) => Business.EventuallyAsync(
        $"{lead} is {phase}", async () => (await Mesh.ReadAsync<LeadState>(Business.Lead(lead), default))?.State.Phase == phase);

    // The read wakes the host: it need not wait for the machine's own second.
    private Task TickAsync() => Business.EventuallyAsync(
        "nothing due is left", async () =>
        {
            await Mesh.ReadAsync<FlowState>(Business.Flow, default);
            return (await Mesh.Journal.TimersAsync(Mesh.Now, 100, default)).Count == 0;
        });
}
