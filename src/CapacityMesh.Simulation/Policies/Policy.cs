namespace CapacityMesh.Simulation.Policies;

/// <summary>Who decides how many leads come in.</summary>
public enum PolicyKind
{
    /// <summary>CapacityMesh: the gate, and campaigns that follow the spend signal.</summary>
    Mesh,
    /// <summary>Nobody: every lead comes in, campaigns always run.</summary>
    None,
    /// <summary>A fixed number of leads a week, set to what the first stage carries; campaigns stop for the rest of the week.</summary>
    Cap,
    /// <summary>Campaigns pause while more leads wait in the first queue than half a week of it carries.</summary>
    Threshold,
}

/// <summary>A policy by its name on the command line.</summary>
public static class PolicyNames
{
    /// <summary>Every policy.</summary>
    public static IReadOnlyList<PolicyKind> All { get; } = [PolicyKind.Mesh, PolicyKind.None, PolicyKind.Cap, PolicyKind.Threshold];

    /// <summary>The policies that a name stands for; null when it stands for none.</summary>
    public static IReadOnlyList<PolicyKind>? Parse(string name) =>
        name == "all" ? All : Enum.TryParse<PolicyKind>(name, ignoreCase: true, out var one) && Enum.IsDefined(one) ? [one] : null;

    /// <summary>The name on the command line and in JSON.</summary>
    public static string NameOf(PolicyKind policy) => policy switch
    {
        PolicyKind.Mesh => "mesh",
        PolicyKind.None => "none",
        PolicyKind.Cap => "cap",
        _ => "threshold",
    };
}
