namespace CapacityMesh.Core.Kernel;

/// <summary>Every upper bound of the core, with its unit and reason.</summary>
public static class Limits
{
    /// <summary>Characters of an id that users choose: fits a URL segment and an index key.</summary>
    public const int KeyLengthMax = 64;

    /// <summary>Characters of a name: the longest that a page can show with an ellipsis.</summary>
    public const int NameLengthMax = 200;

    /// <summary>Characters of an e-mail address: RFC 5321 §4.5.3.1.3.</summary>
    public const int EmailLengthMax = 254;

    /// <summary>Characters of a lead's message: two printed pages.</summary>
    public const int MessageLengthMax = 8_000;

    /// <summary>Free attributes of one lead.</summary>
    public const int AttributesMax = 50;

    /// <summary>Skills of a person, or asked for by a lead: beyond this, use pools.</summary>
    public const int SkillsMax = 20;

    /// <summary>Stages of a process: a longer one is two processes.</summary>
    public const int StagesMax = 20;

    /// <summary>Pools of a process.</summary>
    public const int PoolsMax = 20;

    /// <summary>People of one pool: matching looks at each.</summary>
    public const int PeoplePerPoolMax = 2_000;

    /// <summary>Slots of one pool that lie ahead: about ten years of one a day.</summary>
    public const int SlotsPerPoolMax = 4_000;

    /// <summary>Campaigns of a workspace: the spend table is one document.</summary>
    public const int CampaignsMax = 1_000;

    /// <summary>Units of work a person may have a week: one every half minute around the clock.</summary>
    public const int WeeklyCapacityMax = 20_000;

    /// <summary>Leads that one person may hold at once.</summary>
    public const int ConcurrentMax = 1_000;

    /// <summary>Spells of absence on file per person.</summary>
    public const int AwayMax = 200;

    /// <summary>Working spells in a week's hours: three a day.</summary>
    public const int HoursPerWeekMax = 21;

    /// <summary>Leads on a waitlist. The default is 200; more than this is a mailing list.</summary>
    public const int WaitlistMax = 100_000;

    /// <summary>Leads of one person that were reopened beside a newer one: each was reopened by hand.</summary>
    public const int ReopenedBesideMax = 100;

    /// <summary>Effects of one turn: removing a person with the most open work, thrice.</summary>
    public const int EffectsPerTurnMax = 4_000;

    /// <summary>Leads that one turn of a pool hands out; the rest follow in the next turn, at once.</summary>
    public const int MatchesPerTurnMax = 200;

    /// <summary>Leads that one turn of Flow takes off the waitlist.</summary>
    public const int DrainPerTurnMax = 200;

    /// <summary>Constraint moves kept for the history.</summary>
    public const int ConstraintHistoryMax = 200;

    /// <summary>Days of cost kept per campaign: a year and a month, for comparing years.</summary>
    public const int CostDaysMax = 400;

    /// <summary>The longest promise, deadline or expiry: ten years; what lies further ahead is an error of the caller.</summary>
    public static readonly TimeSpan DurationMax = TimeSpan.FromDays(3_660);

    /// <summary>Touches kept of one person: the first, and the newest of the others.</summary>
    public const int TouchesMax = 20;

    /// <summary>Visits to stages kept of one lead: every stage twice; a lead that is reopened more often keeps the newest.</summary>
    public const int VisitsMax = 40;

    /// <summary>Touches of a stage's follow-up: beyond this it is a campaign.</summary>
    public const int FollowUpTouchesMax = 20;

    /// <summary>How far before today an occurrence may lie: older leads are imported, not captured.</summary>
    public static readonly TimeSpan PastMax = TimeSpan.FromDays(3_660);

    /// <summary>How far ahead of our clock an occurrence may lie: clocks differ.</summary>
    public static readonly TimeSpan ClockSkewMax = TimeSpan.FromMinutes(10);
}
