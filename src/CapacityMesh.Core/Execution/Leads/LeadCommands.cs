using CapacityMesh.Core.Capture;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Core.Execution;

/// <summary>How a stage ended.</summary>
public enum StageOutcome
{
    /// <summary>The lead goes on.</summary>
    Passed,
    /// <summary>The lead is lost.</summary>
    Lost,
}

/// <summary>What a lead may be asked.</summary>
public abstract record LeadCommand : ICommand
{
    private LeadCommand() { }

    /// <summary>From Flow: the gate's word, with the submission that it is about.</summary>
    public sealed record Open(Submission Submission, Verdict Verdict) : LeadCommand;

    /// <summary>From Flow: the waitlist reached it.</summary>
    public sealed record Admit(int Process, Reason Reason) : LeadCommand;

    /// <summary>From Contact: the person asked again while this lead was open.</summary>
    public sealed record Merge(Submission Submission) : LeadCommand;

    /// <summary>From Contact: the person showed intent.</summary>
    public sealed record Signal(string Kind, int Points, string? Campaign = null) : LeadCommand;

    /// <summary>From Salesperson: capacity is reserved until the instant; the offer stands.</summary>
    public sealed record OfferMade(string Person, string Stage, DateTimeOffset Until, Reason Because) : LeadCommand
    {
        /// <summary>The place in the queue that it was made for; null before places were told.</summary>
        public DateTimeOffset? Place { get; init; }
    }

    /// <summary>The person takes the offer.</summary>
    public sealed record Accept(string Person) : LeadCommand;

    /// <summary>The person declines the offer.</summary>
    public sealed record Decline(string Person, string? Why) : LeadCommand;

    /// <summary>An operator gives the lead to a person. Override sets aside skills, pool, hours and status, never capacity.</summary>
    public sealed record Assign(string Person, bool Override) : LeadCommand;

    /// <summary>From Salesperson: an assignment found capacity.</summary>
    public sealed record AssignmentMade(string Person, string Stage) : LeadCommand;

    /// <summary>From Salesperson: the person went away or left; offer or work comes back.</summary>
    public sealed record WorkWithdrawn(string Person, string Stage, Reason Because) : LeadCommand;

    /// <summary>The person reached, or tried to reach, the contact.</summary>
    /// <param name="Person">Who.</param>
    /// <param name="Channel">By which channel; null for the one that was due.</param>
    /// <param name="Contradicts">The message promise that the words said otherwise than; null when they kept to it, or nobody looked.</param>
    public sealed record Contacted(string Person, string? Channel = null, string? Contradicts = null) : LeadCommand;

    /// <summary>The stage is over. Person is required at a stage of people.</summary>
    public sealed record Complete(string? Person, StageOutcome Outcome, string? Why, Money? Value) : LeadCommand;

    /// <summary>The person, or an operator for them, gives the work back.</summary>
    public sealed record Return(string? Person, string? Why) : LeadCommand;

    /// <summary>From DeliverySlot: a slot is held until the instant.</summary>
    public sealed record SlotHeld(string Slot, string Stage, DateTimeOffset StartsAt, DateTimeOffset Until) : LeadCommand;

    /// <summary>From DeliverySlot: the slot is gone.</summary>
    public sealed record SlotGone(string Slot, Reason Because) : LeadCommand;

    /// <summary>Book a slot: the one held, or another open one.</summary>
    public sealed record Book(string Slot) : LeadCommand;

    /// <summary>From DeliverySlot: the slot is booked.</summary>
    public sealed record SlotBooked(string Slot, string Stage, DateTimeOffset StartsAt, DateTimeOffset EndsAt) : LeadCommand;

    /// <summary>Delivery begins in the booked slot.</summary>
    public sealed record Start : LeadCommand;

    /// <summary>The source, an operator or an erasure takes the lead back.</summary>
    public sealed record Retract(Reason Because) : LeadCommand;

    /// <summary>A closed lead lives again, at the stage where it ended or before the gate.</summary>
    public sealed record Reopen : LeadCommand;

    /// <summary>A timer of this lead elapsed.</summary>
    public sealed record TimerElapsed(string Name) : LeadCommand;
}

/// <summary>Why a lead declines, in order of precedence.</summary>
public static class LeadRejections
{
    /// <summary>Nobody of that id.</summary>
    public static readonly Rejection Unknown = new("leadUnknown", RejectionKind.NotFound, "There is no such lead.");
    /// <summary>Over.</summary>
    public static readonly Rejection Closed = new("leadClosed", RejectionKind.Conflict, "The lead is closed; reopen it first.");
    /// <summary>Not over.</summary>
    public static readonly Rejection NotClosed = new("leadNotClosed", RejectionKind.Conflict, "The lead is open; there is nothing to reopen.");
    /// <summary>Erased.</summary>
    public static readonly Rejection Erased = new("contactErased", RejectionKind.Conflict, "The person behind this lead was erased; it cannot be reopened.");
    /// <summary>Before the gate.</summary>
    public static readonly Rejection NotAdmitted = new("leadNotAdmitted", RejectionKind.Conflict, "The lead waits at the gate; it is served when capacity frees.");
    /// <summary>The stage is served by slots.</summary>
    public static readonly Rejection StageOfSlots = new("stageOfSlots", RejectionKind.Conflict, "This stage is served by delivery slots, not by people.");
    /// <summary>The stage is served by people.</summary>
    public static readonly Rejection StageOfPeople = new("stageOfPeople", RejectionKind.Conflict, "This stage is served by people, not by delivery slots.");
    /// <summary>No offer to that person.</summary>
    public static readonly Rejection NotOffered = new("notOffered", RejectionKind.Conflict, "The lead is not offered to this person.");
    /// <summary>The offer is over.</summary>
    public static readonly Rejection OfferExpired = new("offerExpired", RejectionKind.Conflict, "The offer has ended; the lead is offered elsewhere.");
    /// <summary>Not that person's work.</summary>
    public static readonly Rejection NotTheirWork = new("notTheirWork", RejectionKind.Conflict, "The lead is not this person's work.");
    /// <summary>No slot booked.</summary>
    public static readonly Rejection NotBooked = new("notBooked", RejectionKind.Conflict, "No delivery slot is booked for this lead.");
    /// <summary>Delivery has not begun.</summary>
    public static readonly Rejection NotStarted = new("notStarted", RejectionKind.Conflict, "The delivery has not begun.");
    /// <summary>Delivery has begun.</summary>
    public static readonly Rejection AlreadyStarted = new("alreadyStarted", RejectionKind.Conflict, "The delivery has begun; it can only be completed.");
}

/// <summary>Reasons that leads carry.</summary>
public static class LeadReasons
{
    /// <summary>Contact erased.</summary>
    public static readonly Reason Erased = new("contactErased", "The person's data was erased.");
    /// <summary>Taken back.</summary>
    public static readonly Reason Retracted = new("retracted", "The source took the lead back.");
    /// <summary>Waited too long.</summary>
    public static readonly Reason WaitlistExpired = new("waitlistExpired", "The lead waited at the gate longer than the waitlist keeps a lead.");
    /// <summary>Unanswered.</summary>
    public static readonly Reason OfferExpired = new("offerExpired", "The offer was not answered in time.");
    /// <summary>Declined.</summary>
    public static readonly Reason Declined = new("declined", "The offer was declined.");
    /// <summary>Given back.</summary>
    public static readonly Reason Returned = new("returned", "The work was given back.");
    /// <summary>Reassigned.</summary>
    public static readonly Reason Reassigned = new("reassigned", "An operator gave the lead to somebody else.");
    /// <summary>No first contact.</summary>
    public static readonly Reason FirstResponseMissed = new("firstResponseMissed", "Nobody contacted the person in the promised time.");
    /// <summary>Untouched.</summary>
    public static readonly Reason WorkUntouched = new("workUntouched", "Nothing happened for longer than work may rest.");
    /// <summary>Replied.</summary>
    public static readonly Reason Replied = new("replied", "The person replied.");
    /// <summary>All made.</summary>
    public static readonly Reason FollowUpDone = new("followUpDone", "Every touch of the follow-up was made.");
    /// <summary>Chosen by hand.</summary>
    public static readonly Reason Assigned = new("assigned", "An operator assigned the lead.");
}

/// <summary>Names of a lead's timers.</summary>
public static class LeadTimers
{
    /// <summary>The present offer, waitlist place or work lease ends.</summary>
    public const string Until = "until";
    /// <summary>The stage's promise ends.</summary>
    public const string Promise = "promise";
    /// <summary>The first contact is due.</summary>
    public const string Contact = "contact";
    /// <summary>The next touch of a follow-up is due.</summary>
    public const string Touch = "touch";
}
