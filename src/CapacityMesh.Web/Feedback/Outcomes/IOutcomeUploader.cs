using CapacityMesh.Web.Capture;
using CapacityMesh.Web.Connectors;

namespace CapacityMesh.Web.Feedback.Outcomes;

/// <summary>An outcome with what the platform recognises the person by. Lives for one call and is never kept or logged.</summary>
/// <param name="Record">Which.</param>
/// <param name="EmailHash">SHA-256 of the normalised address, hex.</param>
/// <param name="PhoneHash">SHA-256 of the normalised number, hex.</param>
/// <param name="Touch">Click ids.</param>
/// <param name="Personalised">Consent to personalised advertising; null when nobody said.</param>
internal sealed record ReadyOutcome(OutcomeRecord Record, string? EmailHash, string? PhoneHash, TouchBody? Touch, bool? Personalised);

/// <summary>What became of one outcome at the platform.</summary>
/// <param name="State">Done, sent (with a receipt), dead, or pending: later.</param>
/// <param name="Reason">The platform's code.</param>
/// <param name="Receipt">By which to ask.</param>
/// <param name="RetryAfter">When to come again.</param>
internal sealed record UploadVerdict(OutcomeState State, string? Reason = null, string? Receipt = null, TimeSpan? RetryAfter = null)
{
    /// <summary>Taken.</summary>
    public static UploadVerdict Done { get; } = new(OutcomeState.Done);

    /// <summary>What a call's result means for everything that was in it.</summary>
    public static UploadVerdict Of(PlatformReply reply) => reply.Result switch
    {
        CallResult.Done => Done,
        CallResult.Refused => new UploadVerdict(OutcomeState.Dead, reply.Fault),
        _ => new UploadVerdict(OutcomeState.Pending, reply.Fault, RetryAfter: reply.RetryAfter),
    };
}

/// <summary>How a platform wants addresses written before they are hashed.</summary>
internal enum EmailRule
{
    /// <summary>Trimmed, lower case.</summary>
    Plain,
    /// <summary>And without dots before gmail.com and googlemail.com.</summary>
    Gmail,
    /// <summary>And without dots, and without what follows a plus, whatever the domain.</summary>
    NoDots,
}

/// <summary>How one platform is told of outcomes. Makes no call itself.</summary>
internal interface IOutcomeUploader
{
    /// <summary>Which platform.</summary>
    Platform Platform { get; }

    /// <summary>Outcomes in one call.</summary>
    int BatchMax { get; }

    /// <summary>How old an outcome may be.</summary>
    TimeSpan AgeMax { get; }

    /// <summary>How addresses are written.</summary>
    EmailRule Emails { get; }

    /// <summary>Whether numbers are written with their plus.</summary>
    bool PhonesWithPlus { get; }

    /// <summary>A setting without which nothing can be sent; null when all are there.</summary>
    string? Missing(Connector connector);

    /// <summary>Whether the platform could recognise the person.</summary>
    bool CanMatch(ReadyOutcome outcome);

    /// <summary>The click of a lead that came from this platform.</summary>
    string? ClickOf(TouchBody touch);

    /// <summary>The call that tells of outcomes of one conversion.</summary>
    PlatformCall Send(Connector connector, string conversion, IReadOnlyList<ReadyOutcome> outcomes);

    /// <summary>What became of each.</summary>
    IReadOnlyList<UploadVerdict> Understand(IReadOnlyList<ReadyOutcome> outcomes, PlatformReply reply) => [.. outcomes.Select(_ => UploadVerdict.Of(reply))];

    /// <summary>The question for what became of a receipt; null where there are none.</summary>
    PlatformCall? Ask(Connector connector, string receipt) => null;

    /// <summary>What the answer says; pending when it says nothing yet.</summary>
    UploadVerdict Result(PlatformReply reply) => UploadVerdict.Of(reply);
}
