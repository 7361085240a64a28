using CapacityMesh.Core.Execution;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Core.Routing;

namespace CapacityMesh.Simulation.Laws;

/// <summary>
/// Law 8: every waiting and every no has a typed reason, in documented precedence, and says what would change it. The reason expected of a pool of
/// people is derived again, from the people themselves.
/// </summary>
public sealed class EveryWaitHasReason : ILaw
{
    private static readonly string[] AtGate = ["misconfigured", "suspended", "gated"];
    private static readonly string[] OfSlots = ["misconfigured", "waitingForCapacity"];

    /// <inheritdoc/>
    public string Name => "every wait has a reason";

    /// <inheritdoc/>
    public IEnumerable<string> OnAnswer(AnswerSeen answer)
    {
        if (answer.Answer is Answer.Rejected { Rejection: var no } && (no.Code.Length == 0 || !char.IsAsciiLetterLower(no.Code[0]) || no.Text.Length == 0)) yield return $"{answer.Request.Command.GetType().Name} was refused without a reason";
    }

    /// <inheritdoc/>
    public IEnumerable<string> Violations(MeshPicture picture)
    {
        foreach (var (id, lead) in picture.Leads)
        {
            if (lead.Because is null) yield return $"{id} is {lead.Phase} and does not say why";
            var (told, expected) = lead.Phase switch
            {
                LeadPhase.Waitlisted => (GateWord.Explain(picture.Flow, id), AtGate),
                LeadPhase.Queued => (PoolExplanation.Of(picture.Pools[lead.Pool!], lead.Pool!, id, picture.Now), Expected(picture, id, lead)),
                _ => (null, []),
            };
            if (expected.Length == 0) continue;
            if (told is null) yield return $"{id} is {lead.Phase} and nobody can say why";
            else if (!expected.Contains(told.Reason.Code)) yield return $"{id} waits because '{told.Reason.Code}', and should because '{string.Join("' or '", expected)}'";
            else if ((told.WouldChange.Length == 0 && told.Reason.Code != "pending") || told.Position is null or < 1) yield return $"{id} waits because '{told.Reason.Code}', and nothing is said of what would change it, or of its place";
        }
    }

    private static string[] Expected(MeshPicture picture, string id, LeadState lead)
    {
        var pool = picture.Pools[lead.Pool!];
        if (pool.Kind is PoolKind.Slots) return OfSlots;
        if (pool.Waiting.Find(id) is not { } waiting) return [];
        var people = picture.People.Where(p => p.Value.Phase is SalespersonPhase.Active && p.Value.Profile.Pools.Contains(lead.Pool!)).ToArray();
        if (people.Length == 0) return ["misconfigured"];
        var skilled = people.Where(p => !lead.Skills.Except(p.Value.Profile.Skills).Any()).ToArray();
        if (skilled.Length == 0) return ["noMatch"];
        // Whether they take offers is what they last told, with their own host's clock.
        var present = skilled.Where(p => pool.Members.GetValueOrDefault(p.Key)?.Takes == true).ToArray();
        if (present.Length == 0) return ["suspended"];
        var cooling = present.All(p => waiting.Lead.LetGo.Any(l => l.Person == p.Key && l.At + pool.ReofferAfter > picture.Now));
        return [cooling ? "coolingDown" : "waitingForCapacity"];
    }
}
