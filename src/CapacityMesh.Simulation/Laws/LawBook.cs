namespace CapacityMesh.Simulation.Laws;

/// <summary>A law of the design, checked on a host at rest. Yields one sentence per violation.</summary>
public interface ILaw
{
    /// <summary>What must hold.</summary>
    string Name { get; }

    /// <summary>What does not hold.</summary>
    IEnumerable<string> Violations(MeshPicture picture);
}

/// <summary>Every law.</summary>
public static class LawBook
{
    /// <summary>The laws, in the order of the design.</summary>
    public static IReadOnlyList<ILaw> All { get; } = [new OnePlace(), new LiveTimer(), new CapacityKept(), new SlotServesOne(), new CountsRecount(), new MemoryIsJournal()];

    /// <summary>Checks all laws; empty when all hold.</summary>
    public static IReadOnlyList<string> Check(VirtualHost host)
    {
        var picture = MeshPicture.Of(host);
        return [.. All.SelectMany(law => law.Violations(picture).Take(20).Select(v => $"{law.Name}: {v}"))];
    }
}
