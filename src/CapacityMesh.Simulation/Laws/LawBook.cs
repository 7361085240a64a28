namespace CapacityMesh.Simulation.Laws;

/// <summary>Every law.</summary>
public static class LawBook
{
    /// <summary>The laws, in the order of the design, with nothing seen yet.</summary>
    public static IReadOnlyList<ILaw> Open() =>
    [
        new NeverLost(), new OnePlace(), new LiveTimer(), new EverythingSettles(),
        new ExactlyOnce(), new OrderKept(), new SameAnswer(),
        new CapacityKept(),
        new SlotServesOne(), new HoldLapses(),
        new OneOffer(), new PlaceKept(),
        new CountsRecount(), new MemoryIsJournal(), new BoardIsJournal(),
        new LeasesEnd(), new AwayGivesBack(), new NothingIdles(),
        new EveryWaitHasReason(),
        new SignalsRise(), new SignalsRest(), new HumanWordStays(),
        new ErasedStaysErased(),
    ];

    /// <summary>Checks all laws on a host at rest; empty when all hold.</summary>
    public static IReadOnlyList<string> Check(VirtualHost host) => Check(Open(), MeshPicture.Of(host));

    /// <summary>Checks laws at rest; empty when all hold.</summary>
    public static IReadOnlyList<string> Check(IEnumerable<ILaw> laws, MeshPicture picture) =>
        [.. laws.SelectMany(law => law.Violations(picture).Take(20).Select(v => $"{law.Name}: {v}"))];
}
