using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Turns;

namespace CapacityMesh.Runtime.Projections;

/// <summary>What reports know of one lead. Names nobody: it stays when the person is erased.</summary>
/// <param name="Id">The lead.</param>
/// <param name="Campaign">Where it asked.</param>
/// <param name="Phase">Where it is.</param>
/// <param name="OccurredAt">When the person asked: the day that it is reported under.</param>
/// <param name="CapturedAt">When we heard of it.</param>
/// <param name="Process">The process version that it runs on; 0 before admission.</param>
public sealed record LeadFact(string Id, string Campaign, LeadPhase Phase, DateTimeOffset OccurredAt, DateTimeOffset CapturedAt, int Process)
{
    /// <summary>When the gate let it in.</summary>
    public DateTimeOffset? AdmittedAt { get; init; }
    /// <summary>When anybody first contacted the person.</summary>
    public DateTimeOffset? FirstContactAt { get; init; }
    /// <summary>When it came to its end.</summary>
    public DateTimeOffset? ClosedAt { get; init; }
    /// <summary>When the deal was won.</summary>
    public DateTimeOffset? WonAt { get; init; }
    /// <summary>What a win would bring, or brought.</summary>
    public Money? Value { get; init; }
    /// <summary>What reached the person beside the request itself; null when nothing did.</summary>
    public ImmutableArray<Touch>? Touches { get; init; }
    /// <summary>Stages that it has left; null when none.</summary>
    public ImmutableArray<StageVisit>? Visits { get; init; }
    /// <summary>The stage that it is in; null when it is in none.</summary>
    public PresentVisit? Present { get; init; }

    /// <summary>Whether anybody ever had it in hand, or spoke to the person.</summary>
    public bool Served => FirstContactAt is not null || Present is { Served: true } || (Visits is { } visits && visits.Any(v => v.Served));
}

/// <summary>A lead's time in the stage that it is in.</summary>
/// <param name="Index">The stage's place in its process.</param>
/// <param name="Stage">Which stage.</param>
/// <param name="Pool">The pool that serves it.</param>
/// <param name="EnteredAt">Since when.</param>
/// <param name="Worked">How long somebody had it in hand, up to when they last let go.</param>
/// <param name="InHandSince">Since when somebody has it in hand; null while it waits.</param>
/// <param name="Served">Whether anybody ever had it in hand.</param>
/// <param name="Broken">Whether the stage's promise was broken.</param>
public sealed record PresentVisit(int Index, string Stage, string Pool, DateTimeOffset EnteredAt, TimeSpan Worked, DateTimeOffset? InHandSince, bool Served, bool Broken);

/// <summary>
/// The facts that reports are made of: one row a lead, a function of the lead's state, written in the transaction of the turn that changed it; so a
/// report equals a recount of the journal on every store, and there is no position to keep.
/// </summary>
public static class LeadFacts
{
    /// <summary>The key of a day's rows, in UTC.</summary>
    public static string DayOf(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Where a lead's row stands.</summary>
    public static RowKey KeyOf(string workspace, DateTimeOffset occurredAt, string leadId) => new(workspace, RowTables.LeadFacts, DayOf(occurredAt), leadId);

    /// <summary>Whether turns brought anything that a report shows: an offer that comes and goes does not.</summary>
    public static bool IsNews(IReadOnlyList<TurnRecord> turns)
    {
        foreach (var turn in turns)
        {
            foreach (var fact in turn.Events)
            {
                if (IsNews(fact)) return true;
            }
        }
        return false;
    }

    /// <summary>A lead's row.</summary>
    public static RowChange RowOf(EntityId id, LeadState state, Payloads payloads)
    {
        JsonSerializer.Serialize(payloads.Begin(), Of(id.Key, state), MeshJson.Options);
        return new RowChange(KeyOf(id.Workspace, state.OccurredAt, id.Key), payloads.End());
    }

    /// <summary>Reads a row.</summary>
    /// <exception cref="JsonException">The bytes are no lead's facts.</exception>
    public static LeadFact Read(ReadOnlyMemory<byte> row) => JsonSerializer.Deserialize<LeadFact>(row.Span, MeshJson.Options) ?? throw new JsonException("A stored fact is null.");

    /// <summary>What a state says.</summary>
    public static LeadFact Of(string id, LeadState state) => new(id, state.Campaign, state.Phase, state.OccurredAt, state.CapturedAt, state.Process)
    {
        AdmittedAt = state.AdmittedAt,
        FirstContactAt = state.FirstContactAt,
        ClosedAt = state.ClosedAt,
        WonAt = state.WonAt,
        Value = state.Value,
        Touches = state.Touches.IsEmpty ? null : state.Touches,
        Visits = state.Visits.IsEmpty ? null : state.Visits,
        Present = PresentOf(state),
    };

    private static PresentVisit? PresentOf(LeadState state) =>
        state.Phase is < LeadPhase.Queued or > LeadPhase.Started ? null
        : new PresentVisit(
            state.StageIndex, state.Stage!, state.Pool!, state.Place, state.Worked,
            state.Phase is LeadPhase.Working or LeadPhase.Started ? state.AcceptedAt : null, state.Served, state.PromiseBroken);

    private static bool IsNews(IEvent fact) => fact switch
    {
        LeadEvent.Offered or LeadEvent.OfferEnded or LeadEvent.SlotHeld or LeadEvent.DeliveryOverdue => false,
        LeadEvent.TouchPlanned or LeadEvent.TouchDue or LeadEvent.TouchMade or LeadEvent.FollowUpEnded or LeadEvent.PromiseContradicted => false,
        LeadEvent.SignalNoted e => e.Campaign is not null,
        _ => true,
    };
}
