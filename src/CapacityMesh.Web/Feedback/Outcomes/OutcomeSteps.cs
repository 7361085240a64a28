using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;

namespace CapacityMesh.Web.Feedback.Outcomes;

/// <summary>Steps of a lead that a platform may want to hear of.</summary>
internal static class OutcomeSteps
{
    private const string Passed = "passed:";
    private static readonly string[] Names = ["captured", "admitted", "contacted", "won", "delivered", "lost"];

    /// <summary>All names, for people.</summary>
    public static string All { get; } = $"{string.Join(", ", Names)}, {Passed}<stage>";

    /// <summary>Whether a connector may name it.</summary>
    public static bool IsKnown(string step) => Names.Contains(step) || (step.StartsWith(Passed, StringComparison.Ordinal) && FieldErrors.IsKey(step[Passed.Length..]));

    /// <summary>The step that a fact is; null when it is none.</summary>
    public static string? Of(IEvent fact) => fact switch
    {
        LeadEvent.Opened => "captured",
        LeadEvent.Admitted => "admitted",
        LeadEvent.Contacted => "contacted",
        LeadEvent.StagePassed e => Passed + e.Stage,
        LeadEvent.Won => "won",
        LeadEvent.Delivered => "delivered",
        LeadEvent.Lost => "lost",
        _ => null,
    };
}
