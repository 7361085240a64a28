using System.Collections.Immutable;
using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Execution;

/// <summary>Where a lead is. It is always in exactly one place.</summary>
public enum LeadPhase
{
    /// <summary>Captured; the gate has not spoken yet.</summary>
    Captured,
    /// <summary>Waits at the gate.</summary>
    Waitlisted,
    /// <summary>Waits in a pool's queue.</summary>
    Queued,
    /// <summary>Offered to one salesperson.</summary>
    Offered,
    /// <summary>Accepted by, or assigned to, one salesperson.</summary>
    Working,
    /// <summary>A delivery slot is held for it.</summary>
    Held,
    /// <summary>A delivery slot is booked for it.</summary>
    Booked,
    /// <summary>Its delivery has begun.</summary>
    Started,
    /// <summary>Passed the last stage.</summary>
    Delivered,
    /// <summary>Lost at a stage.</summary>
    Lost,
    /// <summary>Turned away because the waitlist was full.</summary>
    Deflected,
    /// <summary>Waited at the gate longer than the waitlist keeps a lead.</summary>
    Expired,
    /// <summary>Taken back by its source, an operator, or the erasure of its contact.</summary>
    Retracted,
}

/// <summary>A lead's journey. Holds no personal datum.</summary>
public sealed record LeadState
{
    /// <summary>Where the lead is.</summary>
    public LeadPhase Phase { get; init; }
    /// <summary>Whose lead it is.</summary>
    public string Contact { get; init; } = "";
    /// <summary>The campaign that it is attributed to.</summary>
    public string Campaign { get; init; } = "";
    /// <summary>Skills that whoever serves it must have, sorted.</summary>
    public ImmutableArray<string> Skills { get; init; } = [];
    /// <summary>What a win would bring, or brought.</summary>
    public Money? Value { get; init; }
    /// <summary>When the person asked, by the source's clock.</summary>
    public DateTimeOffset OccurredAt { get; init; }
    /// <summary>When we heard of it.</summary>
    public DateTimeOffset CapturedAt { get; init; }
    /// <summary>When the gate let it in.</summary>
    public DateTimeOffset? AdmittedAt { get; init; }
    /// <summary>The process version that it runs on.</summary>
    public int Process { get; init; }
    /// <summary>Index of its stage in that process; -1 before admission.</summary>
    public int StageIndex { get; init; } = -1;
    /// <summary>Its stage.</summary>
    public string? Stage { get; init; }
    /// <summary>The pool that serves the stage.</summary>
    public string? Pool { get; init; }
    /// <summary>When it entered the stage: its place in the queue, kept when it is re-queued.</summary>
    public DateTimeOffset Place { get; init; }
    /// <summary>When the stage's promise ends.</summary>
    public DateTimeOffset? PromisedBy { get; init; }
    /// <summary>The stage's promise was broken.</summary>
    public bool PromiseBroken { get; init; }
    /// <summary>Promises broken on the whole way.</summary>
    public int PromisesBroken { get; init; }
    /// <summary>Who has the offer or the work.</summary>
    public string? Person { get; init; }
    /// <summary>The slot that is held, booked or in use.</summary>
    public string? Slot { get; init; }
    /// <summary>When the present offer, hold, waitlist place or work lease ends.</summary>
    public DateTimeOffset? Until { get; init; }
    /// <summary>When the first contact is due, while accepted work waits for it.</summary>
    public DateTimeOffset? ContactDue { get; init; }
    /// <summary>When the present work was accepted, assigned or started.</summary>
    public DateTimeOffset? AcceptedAt { get; init; }
    /// <summary>When the present holder of the work first contacted the person.</summary>
    public DateTimeOffset? ContactedAt { get; init; }
    /// <summary>When anybody first contacted the person: the end of speed-to-lead.</summary>
    public DateTimeOffset? FirstContactAt { get; init; }
    /// <summary>Offers made so far.</summary>
    public int Offers { get; init; }
    /// <summary>Intent shown, in points as of <see cref="IntentAt"/>; at most 1,000; it fades by <see cref="IntentScore"/>.</summary>
    public int Intent { get; init; }
    /// <summary>When intent was last shown.</summary>
    public DateTimeOffset? IntentAt { get; init; }
    /// <summary>What reached the person beside the request itself, oldest first.</summary>
    public ImmutableArray<Touch> Touches { get; init; } = [];
    /// <summary>The person's time zone, if known.</summary>
    public string? TimeZone { get; init; }
    /// <summary>Stages that it has left, oldest first.</summary>
    public ImmutableArray<StageVisit> Visits { get; init; } = [];
    /// <summary>How long somebody had it in hand in the present stage, up to when they last let go.</summary>
    public TimeSpan Worked { get; init; }
    /// <summary>Somebody has, or had, it in hand in the present stage.</summary>
    public bool Served { get; init; }
    /// <summary>How far the present stage's follow-up has come; null before its first touch.</summary>
    public FollowUpState? FollowUp { get; init; }
    /// <summary>How often what was said contradicted what the campaign had promised.</summary>
    public int Contradictions { get; init; }
    /// <summary>The deal was won.</summary>
    public bool Won { get; init; }
    /// <summary>When.</summary>
    public DateTimeOffset? WonAt { get; init; }
    /// <summary>Why it is where it is: the gate's word, the offer's reason, or why it closed.</summary>
    public Reason? Because { get; init; }
    /// <summary>Place in line told at capture.</summary>
    public int? Position { get; init; }
    /// <summary>When somebody is expected to serve it, as told at capture.</summary>
    public DateTimeOffset? ExpectedAt { get; init; }
    /// <summary>When it came to its end.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Whether it came to its end.</summary>
    public bool IsClosed => Phase >= LeadPhase.Delivered;
}
