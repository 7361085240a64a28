using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Web.Capture;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Problems;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Execution;

/// <summary>The touch that is planned or due.</summary>
/// <param name="Number">Which of the stage's touches, from 1.</param>
/// <param name="Channel">By which channel.</param>
/// <param name="Template">Which words to use, if the process names any.</param>
/// <param name="DueAt">When.</param>
/// <param name="IsDue">Now.</param>
internal sealed record TouchView(int Number, string Channel, string? Template, DateTimeOffset DueAt, bool IsDue)
{
    public static TouchView? Of(LeadState state) =>
        state.FollowUp is { IsOpen: true, DueAt: { } due } touch ? new TouchView(touch.Number, touch.Channel!, touch.Template, due, touch.IsDue) : null;
}

/// <summary>A lead as it is now, with its place while it waits; the person behind it only for those who run the business.</summary>
internal sealed record LeadView(
    string Id, LeadPhase State, string? Stage, string? Pool, string Campaign, string Contact, string? Person, string? Slot, int Process, DateTimeOffset OccurredAt,
    DateTimeOffset CapturedAt, DateTimeOffset? AdmittedAt, DateTimeOffset? PromisedBy, bool PromiseBroken, int PromisesBroken, DateTimeOffset? Until,
    DateTimeOffset? ContactDue, DateTimeOffset? AcceptedAt, DateTimeOffset? ContactedAt, DateTimeOffset? FirstContactAt, int Offers, int Intent, bool Won, Money? Value,
    IReadOnlyList<string> Skills, int? Position, DateTimeOffset? ExpectedAt, Reason? Reason, DateTimeOffset? ClosedAt, VaultProfile? Profile, VaultSubmission? Submission,
    PromiseBody? Promise, TouchView? Touch, Reason? FollowUpEnded, int Contradictions, IReadOnlyList<Touch> Touches)
{
    /// <summary>Reads a lead.</summary>
    public static async Task<(LeadState State, string Id)> ReadAsync(ApiCall call)
    {
        var id = call.Key("id");
        var state = await call.StateAsync<LeadState>(EntityKind.Lead, id);
        return state is null or { Contact: "" } ? throw new ProblemException(Problem.Rejected(LeadRejections.Unknown)) : (state, id);
    }

    /// <summary>Replies with the lead as it is now.</summary>
    public static async Task ReplyAsync(ApiCall call)
    {
        var (state, id) = await ReadAsync(call);
        var rows = call.Mesh.Journal.Rows;
        var sees = call.Caller.SeesPeople;
        var profile = sees ? await rows.ProfileAsync(call.Workspace, state.Contact, call.Cancel) : null;
        var submission = sees ? await rows.SubmissionAsync(call.Workspace, state.Contact, id, call.Cancel) : null;
        var promise = await PromiseEndpoints.OfAsync(rows, call.Workspace, state.Campaign, call.Cancel);
        var standing = await LeadStanding.OfAsync(call, state, id);
        await call.ReplyAsync(Of(id, state, standing, profile, submission, promise, call.Mesh.Now));
    }

    private static LeadView Of(string id, LeadState state, LeadStanding? standing, VaultProfile? profile, VaultSubmission? submission, PromiseBody? promise, DateTimeOffset now) => new(
        id, state.Phase, state.Stage, state.Pool, state.Campaign, state.Contact, state.Person, state.Slot, state.Process, state.OccurredAt,
        state.CapturedAt, state.AdmittedAt, state.PromisedBy, state.PromiseBroken, state.PromisesBroken, state.Until,
        state.ContactDue, state.AcceptedAt, state.ContactedAt, state.FirstContactAt, state.Offers, IntentScore.At(state.Intent, state.IntentAt, now), state.Won, state.Value,
        state.Skills, standing?.Position, standing?.ExpectedAt, standing?.Reason ?? state.Because, state.ClosedAt, profile, submission,
        promise, TouchView.Of(state), state.FollowUp?.Ended, state.Contradictions, state.Touches);
}

/// <summary>A lead in a list.</summary>
internal sealed record LeadItem(
    string Id, string State, string? Stage, string? Pool, string Campaign, string Contact, string? Person, string? Slot, DateTimeOffset CapturedAt,
    DateTimeOffset ChangedAt, DateTimeOffset? ClosedAt, bool PromiseBroken)
{
    public static LeadItem Of(LeadRow row) => new(
        row.LeadId, row.State, row.Stage, row.Pool, row.Campaign, row.Contact, row.Person, row.Slot, row.CapturedAt, row.ChangedAt, row.ClosedAt, row.PromiseBroken);
}
