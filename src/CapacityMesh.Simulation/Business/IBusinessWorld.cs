using CapacityMesh.Core.Kernel;
using CapacityMesh.Runtime.Hosting;

namespace CapacityMesh.Simulation.Business;

/// <summary>What a simulated business needs of the world: a clock, a diary, and a mesh. The virtual host is one, a running server another.</summary>
public interface IBusinessWorld
{
    /// <summary>Now.</summary>
    DateTimeOffset Now { get; }

    /// <summary>The workspace that the business runs in.</summary>
    string Workspace { get; }

    /// <summary>Does something later; at once when the instant is past.</summary>
    void Schedule(DateTimeOffset at, Action action);

    /// <summary>Gives an entity a turn; a refusal is the business's own problem.</summary>
    void Tell(EntityId target, ICommand command);

    /// <summary>Hears what was committed.</summary>
    void Follow(Action<IReadOnlyList<CommittedTurn>> observer);
}
