using System.Text.Json;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Setup;

namespace CapacityMesh.Web.Execution;

/// <summary>One step of a lead's way; <c>waitSeconds</c> is the time since the step before.</summary>
internal sealed record TraceStep(DateTimeOffset At, string Kind, string Text, string Actor, Reason? Reason, double? WaitSeconds);

/// <summary>A lead's whole way.</summary>
internal sealed record TraceReply(string LeadId, IReadOnlyList<TraceStep> Steps);

/// <summary>Every step of a lead, from its own history.</summary>
internal sealed class TraceEndpoint(ITraceReader reader) : IEndpoints
{
    public void Map(Routes routes) =>
        routes.Get("/v1/leads/{id}/trace", Access.Operator, "Every step of a lead with its time, wait, actor and reason", GetAsync).Gives<TraceReply>().Refuses(404);

    private async Task GetAsync(ApiCall call)
    {
        var (_, id) = await LeadView.ReadAsync(call);
        var facts = await reader.ReadAsync(call.Entity(EntityKind.Lead, id), call.Cancel);
        await call.ReplyAsync(new TraceReply(id, Of(facts, await NamesAsync(call, facts))));
    }

    private static async Task<Func<string, string>> NamesAsync(ApiCall call, IReadOnlyList<(DateTimeOffset At, IEvent Fact)> facts)
    {
        var people = new HashSet<string>(StringComparer.Ordinal);
        _ = Of(facts, Ask); // The words themselves say whom they name.
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var id in people)
        {
            if ((await call.Mesh.Journal.Rows.ReadAsync<PersonBody>(Documents.Key(call.Workspace, PeopleEndpoints.Kind, id), call.Cancel))?.Name is { } name) names[id] = name;
        }
        return id => names.GetValueOrDefault(id, id);

        string Ask(string id)
        {
            people.Add(id);
            return id;
        }
    }

    /// <summary>The steps of a history, in words with people's names.</summary>
    public static IReadOnlyList<TraceStep> Of(IReadOnlyList<(DateTimeOffset At, IEvent Fact)> facts, Func<string, string> nameOf)
    {
        var steps = new List<TraceStep>(facts.Count);
        DateTimeOffset? before = null;
        foreach (var (at, fact) in facts)
        {
            var word = TraceWords.Of(fact, nameOf);
            var wait = before is { } last ? Math.Round((at - last).TotalSeconds, 3) : (double?)null;
            steps.Add(new TraceStep(at, JsonNamingPolicy.CamelCase.ConvertName(fact.GetType().Name), word.Text, word.Actor, word.Reason, wait));
            before = at;
        }
        return steps;
    }
}
