namespace CapacityMesh.Simulation.Swarm;

/// <summary>Situations in which defects hide: a batch of seeds that does not reach each of them proves little.</summary>
public enum Moment
{
    /// <summary>A slot's hold lapsed, and then its lead tried to book it.</summary>
    HoldLapsedWhileBooking,
    /// <summary>An offer was accepted after its time.</summary>
    OfferAcceptedAfterExpiry,
    /// <summary>An offer was accepted by somebody who no longer had it.</summary>
    OfferAcceptedByAnother,
    /// <summary>An offer ended unanswered.</summary>
    OfferUnanswered,
    /// <summary>Work came back because nobody called in time.</summary>
    FirstResponseMissed,
    /// <summary>Work came back because it rested too long.</summary>
    WorkRested,
    /// <summary>A promise was broken.</summary>
    PromiseBroken,
    /// <summary>A person went away with an offer or work not begun.</summary>
    PersonAwayMidWork,
    /// <summary>A person left with leads in their hands.</summary>
    PersonRemovedWithWork,
    /// <summary>Work was offered to somebody who had just filled up, or gone.</summary>
    PoolAskedInVain,
    /// <summary>An operator's assignment met a full person.</summary>
    AssignmentRefusedForCapacity,
    /// <summary>A lead was taken from one person and given to another.</summary>
    LeadReassigned,
    /// <summary>A slot was withdrawn from a lead.</summary>
    SlotWithdrawnFromLead,
    /// <summary>A slot's time went by with a lead in it.</summary>
    SlotMissedWithLead,
    /// <summary>A lead booked another slot than the one it held.</summary>
    AnotherSlotBooked,
    /// <summary>A closed lead was reopened.</summary>
    LeadReopened,
    /// <summary>A lead was reopened while the same person had a newer one.</summary>
    ReopenedBesideNewer,
    /// <summary>A lead was taken back while somebody or some slot had it.</summary>
    RetractedWhileHeld,
    /// <summary>A contact with an open lead was erased.</summary>
    ErasedWithOpenLead,
    /// <summary>The same person asked again while a lead was open.</summary>
    RepeatJoinedOpenLead,
    /// <summary>A lead was let in from the waitlist.</summary>
    WaitlistDrained,
    /// <summary>A lead waited too long at the gate.</summary>
    WaitlistExpired,
    /// <summary>A lead was turned away.</summary>
    Deflected,
    /// <summary>The gate let in a lead that had closed meanwhile.</summary>
    AdmissionUnused,
    /// <summary>A lead went on, on an older process than the newest.</summary>
    ProcessChangedInFlight,
    /// <summary>A human held a campaign against the plan.</summary>
    HumanHeldCampaign,
    /// <summary>A human's hold ended by its own time.</summary>
    HumanHoldEnded,
    /// <summary>A proposed signal was decided on.</summary>
    ProposalDecided,
    /// <summary>A campaign was paused by the plan.</summary>
    CampaignPaused,
    /// <summary>A paused campaign was resumed by the plan.</summary>
    CampaignResumed,
    /// <summary>A host died while turns gathered.</summary>
    CrashWhileGathering,
    /// <summary>A host died with a closed batch.</summary>
    CrashBeforeCommit,
    /// <summary>A host died after a commit of which nobody had heard.</summary>
    CrashBetweenCommitAndDispatch,
    /// <summary>A host died after its followers and before whoever asked had heard.</summary>
    CrashBeforeAnswers,
    /// <summary>A host took up effects that another life had left.</summary>
    OutboxTakenUp,
    /// <summary>A batch broke off a cascade.</summary>
    BatchFull,
    /// <summary>The journal refused.</summary>
    JournalRefused,
    /// <summary>The journal wrote and failed.</summary>
    JournalWroteAndFailed,
    /// <summary>A turn on an old version was refused.</summary>
    StaleActivationRefused,
    /// <summary>An effect that had its turn was dropped.</summary>
    DuplicateEffectDropped,
    /// <summary>A timer that had its turn was dropped.</summary>
    DuplicateTimerDropped,
    /// <summary>A repeated request met its own key.</summary>
    KeyTaken,
    /// <summary>Two requests claimed one identity.</summary>
    IdentityTaken,
    /// <summary>A repeated request was answered from the journal.</summary>
    RepeatAnsweredFromJournal,
    /// <summary>An entity was restored from a snapshot.</summary>
    LoadedFromSnapshot,
    /// <summary>An entity was loaded that still owed something to another.</summary>
    LoadedInDebt,
    /// <summary>A clock was set forward.</summary>
    ClockSetForward,
    /// <summary>A clock was set back.</summary>
    ClockSetBack,
}

/// <summary>How often each moment was reached.</summary>
public sealed class Moments
{
    private readonly long[] counts = new long[Enum.GetValues<Moment>().Length];

    /// <summary>How often.</summary>
    public long this[Moment moment] => counts[(int)moment];

    /// <summary>Moments never reached.</summary>
    public IEnumerable<Moment> Missing => Enum.GetValues<Moment>().Where(m => this[m] == 0);

    /// <summary>It was reached.</summary>
    public void Note(Moment moment) => counts[(int)moment]++;

    /// <summary>Adds the counts of another run.</summary>
    public void Add(Moments other)
    {
        for (var i = 0; i < counts.Length; i++) counts[i] += other.counts[i];
    }
}
