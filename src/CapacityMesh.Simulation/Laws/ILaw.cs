using CapacityMesh.Runtime.Hosting;

namespace CapacityMesh.Simulation.Laws;

/// <summary>A law of the design. Each method yields one sentence per violation; a law looks where it can see most.</summary>
public interface ILaw
{
    /// <summary>What must hold.</summary>
    string Name { get; }

    /// <summary>Looks at a committed turn.</summary>
    IEnumerable<string> OnTurn(TurnSeen turn) => [];

    /// <summary>Looks at a whole commit, before its turns.</summary>
    IEnumerable<string> OnCommit(CommitSeen commit) => [];

    /// <summary>Looks at what a follower of commits hears.</summary>
    IEnumerable<string> OnHeard(CommittedTurn turn) => [];

    /// <summary>A host died or does not know what became of a batch: its followers may have missed something.</summary>
    void OnGap() { }

    /// <summary>Looks at an answer that reached whoever asked.</summary>
    IEnumerable<string> OnAnswer(AnswerSeen answer) => [];

    /// <summary>Looks at everything when nothing is on its way.</summary>
    IEnumerable<string> Violations(MeshPicture picture) => [];

    /// <summary>Looks at what is left at the end of a run in which everything should have settled.</summary>
    IEnumerable<string> AtEnd(EndSeen end) => [];
}
