using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CapacityMesh.Core.Routing;
using CapacityMesh.Simulation.WhatIf;

namespace CapacityMesh.Web.Routing;

/// <summary>A single change that was tried in futures of the workspace; <c>change</c> can be posted to what-if as it stands.</summary>
internal sealed record AdvisedView(JsonObject Change, string Text, bool MovesConstraint, string? ConstraintAfter, Spread SustainablePerWeek, Spread Delivered, Spread DeliveredMore)
{
    public static AdvisedView Of(Advised advised) => new(
        advised.Change.ToJson(), advised.Text, advised.Moves, advised.After.Constraint.Pool, advised.After.SustainablePerWeek, advised.After.Delivered, advised.Difference.Delivered);
}

/// <summary>Advice about one constraint.</summary>
/// <param name="At">When its picture was taken.</param>
/// <param name="Constraint">What it is about.</param>
/// <param name="Changes">Cheapest first.</param>
internal sealed record AdviceNote(DateTimeOffset At, string Constraint, IReadOnlyList<AdvisedView> Changes);

/// <summary>The newest advice to each workspace, in memory: after a restart it is made anew.</summary>
internal sealed class AdviceBook
{
    // A note is a few KiB.
    private const int NotesMax = 10_000;
    private readonly ConcurrentDictionary<string, AdviceNote> notes = new(StringComparer.Ordinal);

    /// <summary>Keeps a note; the oldest one yields when there are too many.</summary>
    public void Keep(string workspace, AdviceNote note)
    {
        if (notes.Count >= NotesMax && !notes.ContainsKey(workspace)) notes.TryRemove(notes.MinBy(n => n.Value.At).Key, out _);
        notes[workspace] = note;
    }

    /// <summary>The note about the constraint as it is now; null while there is none, or only one about an earlier constraint.</summary>
    public AdviceNote? Find(string workspace, FlowState flow) =>
        notes.TryGetValue(workspace, out var note) && note.Constraint == flow.Constraint?.Pool ? note : null;
}
