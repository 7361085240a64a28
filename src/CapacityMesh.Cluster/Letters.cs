using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Codec;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;

namespace CapacityMesh.Cluster;

// What grains send each other. Commands and answers travel as the bytes that the journal stores, so that one codec decides what they look like
// and silos of two releases understand each other as well as a release understands its own past.

/// <summary>A question from the edge. Within a silo it stays as it is; between two it travels as <see cref="AskForm"/>.</summary>
/// <param name="Request">What is asked, of whom, and what is written with the turn.</param>
/// <param name="Ask">Who waits for the answer.</param>
[Immutable]
public sealed record AskLetter(MeshRequest Request, Ask Ask);

/// <summary>A question between two silos.</summary>
/// <param name="Target">Stored id of who is asked.</param>
/// <param name="Payload">Command and ask, as EffectCodec writes them.</param>
/// <param name="BodyHash">Hash of the request's body.</param>
/// <param name="Beside">What is written with the turn, as <see cref="RowsBeside"/> writes it; null when nothing is.</param>
/// <param name="IsNew">The entity was named by this very request and cannot have a history.</param>
[GenerateSerializer, Immutable, Alias("mesh.ask")]
public readonly record struct AskForm(
    [property: Id(0)] string Target, [property: Id(1)] byte[] Payload, [property: Id(2)] string BodyHash, [property: Id(3)] byte[]? Beside, [property: Id(4)] bool IsNew);

/// <summary>From one to the other.</summary>
[RegisterConverter]
public sealed class AskForms : IConverter<AskLetter, AskForm>
{
    /// <inheritdoc/>
    public AskForm ConvertToSurrogate(in AskLetter value) => RowsBeside.Write(value.Request, value.Ask);

    /// <inheritdoc/>
    public AskLetter ConvertFromSurrogate(in AskForm surrogate) => RowsBeside.Read(surrogate);
}

/// <summary>An effect on its way.</summary>
/// <param name="Source">Stored id of the entity whose turn made it.</param>
/// <param name="Version">That turn.</param>
/// <param name="Ordinal">Its place among that turn's effects.</param>
/// <param name="IsReport">A later one of the pair takes its place.</param>
/// <param name="Payload">Command and ask, as EffectCodec writes them.</param>
[GenerateSerializer, Immutable, Alias("mesh.effect")]
public sealed record EffectLetter(
    [property: Id(0)] string Source, [property: Id(1)] long Version, [property: Id(2)] int Ordinal, [property: Id(3)] bool IsReport, [property: Id(4)] byte[] Payload)
{
    /// <summary>The letter for an effect that was stored.</summary>
    public static EffectLetter Of(StoredEffect effect) =>
        new(effect.Id.Source.ToString(), effect.Id.Version, effect.Id.Ordinal, effect.IsReport, effect.Payload.ToArray());

    /// <summary>The effect's id.</summary>
    public EffectId ToEffectId() => new(EntityId.Parse(Source), Version, Ordinal);
}

/// <summary>A timer that is due.</summary>
/// <param name="Name">Which timer of the entity.</param>
/// <param name="Due">When it was due: the stored timer is consumed only if it still says the same.</param>
[GenerateSerializer, Immutable, Alias("mesh.timer")]
public sealed record TimerLetter([property: Id(0)] string Name, [property: Id(1)] DateTimeOffset Due);

/// <summary>What became of a question.</summary>
public enum TurnOutcome
{
    /// <summary>Durable; the answer is enclosed.</summary>
    Answered,
    /// <summary>Durable; another entity answers.</summary>
    Forwarded,
    /// <summary>Somebody else wrote first; nothing was written, and asking again is safe.</summary>
    Conflict,
    /// <summary>The idempotency key was opened before; nothing was written.</summary>
    KeyTaken,
    /// <summary>An identity belongs to another contact; nothing was written.</summary>
    IdentityTaken,
    /// <summary>The store failed; whether it was written is not known.</summary>
    Unavailable,
    /// <summary>The machine failed on it, or its entity cannot be read: a defect. Nothing was written.</summary>
    Failed,
}

/// <summary>The reply to a question.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Answer">The answer; null unless answered.</param>
/// <param name="Taken">Identities that another contact has.</param>
/// <param name="Why">What failed, for the log.</param>
[Immutable]
public sealed record TurnReply(TurnOutcome Outcome, Answer? Answer = null, string[]? Taken = null, string? Why = null);

/// <summary>A reply between two silos.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Answer">The answer, as EffectCodec writes it.</param>
/// <param name="Taken">Identities that another contact has.</param>
/// <param name="Why">What failed.</param>
[GenerateSerializer, Immutable, Alias("mesh.reply")]
public readonly record struct ReplyForm(
    [property: Id(0)] TurnOutcome Outcome, [property: Id(1)] byte[]? Answer, [property: Id(2)] string[]? Taken, [property: Id(3)] string? Why);

/// <summary>From one to the other.</summary>
[RegisterConverter]
public sealed class ReplyForms : IConverter<TurnReply, ReplyForm>
{
    /// <inheritdoc/>
    public ReplyForm ConvertToSurrogate(in TurnReply value) =>
        new(value.Outcome, value.Answer is { } answer ? EffectCodec.Encode(answer) : null, value.Taken, value.Why);

    /// <inheritdoc/>
    public TurnReply ConvertFromSurrogate(in ReplyForm surrogate) =>
        new(surrogate.Outcome, surrogate.Answer is { } answer ? EffectCodec.DecodeAnswer(answer) : null, surrogate.Taken, surrogate.Why);
}

/// <summary>Why a delivery stopped before its end.</summary>
public enum DeliveryStop
{
    /// <summary>It did not.</summary>
    None,
    /// <summary>The target's memory was out of date, or the store failed: again.</summary>
    Again,
    /// <summary>The target failed on the next effect: a defect.</summary>
    Failed,
}

/// <summary>The reply to a delivery.</summary>
/// <param name="Done">Effects, from the first, whose turns are durable.</param>
/// <param name="Stop">What stopped it.</param>
/// <param name="Why">What failed, for whoever looks at what was parked.</param>
[GenerateSerializer, Immutable, Alias("mesh.delivered")]
public sealed record DeliveryReply([property: Id(0)] int Done, [property: Id(1)] DeliveryStop Stop, [property: Id(2)] string? Why = null);
