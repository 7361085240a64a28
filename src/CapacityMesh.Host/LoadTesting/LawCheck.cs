using System.Text.Json;

namespace CapacityMesh.Host.LoadTesting;

/// <summary>
/// After a soak: does the server keep its laws, as far as the API shows them? Nothing acknowledged is lost, repeats are one, nobody holds more than they
/// may, and the counts that Flow keeps equal a recount of all leads.
/// </summary>
internal sealed class LawCheck(LoadPlan plan, Ledger ledger)
{
    private static readonly TimeSpan SettledWithin = TimeSpan.FromSeconds(30);

    /// <summary>What is broken, a sentence each; none when all is well.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(CancellationToken cancel)
    {
        using var api = new ApiClient(plan.Url, plan.Key, 32);
        var broken = new List<string>();
        if (ledger.Differing > 0) broken.Add($"{ledger.Differing} repeats were answered with another lead than the first time.");
        var states = await AllLeadsAsync(api, cancel);
        var lost = ledger.Leads.Values.Distinct(StringComparer.Ordinal).Count(lead => !states.ContainsKey(lead));
        if (lost > 0) broken.Add($"{lost} acknowledged leads are not there.");
        await CheckPeopleAsync(api, broken, cancel);
        await CheckCountsAsync(api, broken, cancel);
        return broken;
    }

    private static async Task<Dictionary<string, string>> AllLeadsAsync(ApiClient api, CancellationToken cancel)
    {
        var states = new Dictionary<string, string>(StringComparer.Ordinal);
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await api.GetAsync($"/v1/leads?limit=500{(cursor.Length > 0 ? $"&cursor={Uri.EscapeDataString(cursor)}" : "")}", cancel) ?? throw new HttpRequestException("Leads cannot be listed.");
            foreach (var lead in page.GetProperty("items").EnumerateArray()) states[lead.GetProperty("id").GetString()!] = lead.GetProperty("state").GetString()!;
            cursor = page.TryGetProperty("cursor", out var next) ? next.GetString() : null;
        }
        return states;
    }

    private static async Task CheckPeopleAsync(ApiClient api, List<string> broken, CancellationToken cancel)
    {
        if (await api.GetAsync("/v1/people?limit=500", cancel) is not { } people) return;
        foreach (var person in people.GetProperty("items").EnumerateArray())
        {
            var load = person.GetProperty("load");
            var (id, held) = (person.GetProperty("id").GetString(), load.GetProperty("open").GetInt64() + load.GetProperty("reserved").GetInt64());
            if (held > load.GetProperty("concurrent").GetInt64()) broken.Add($"{id} holds {held} leads, more than at once allowed.");
            if (load.GetProperty("usedThisWeek").GetDecimal() > load.GetProperty("weeklyCapacity").GetDecimal()) broken.Add($"{id} has used more than the week's capacity.");
        }
    }

    // Reports are on their way for a moment after the last turn.
    private static async Task CheckCountsAsync(ApiClient api, List<string> broken, CancellationToken cancel)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var states = await AllLeadsAsync(api, cancel);
            var cards = (await api.GetAsync("/v1/board", cancel) ?? throw new HttpRequestException("The board cannot be read.")).GetProperty("cards");
            var wrong = Differences(states, cards).ToArray();
            if (wrong.Length == 0) return;
            if (TimeProvider.System.GetElapsedTime(began) > SettledWithin)
            {
                broken.AddRange(wrong);
                return;
            }
            await Task.Delay(500, cancel);
        }
    }

    private static IEnumerable<string> Differences(Dictionary<string, string> states, JsonElement cards)
    {
        var flow = cards.GetProperty("flow");
        var totals = flow.GetProperty("totals");
        long Total(string name) => totals.GetProperty(name).GetInt64();
        int Are(params string[] phases) => states.Values.Count(phases.Contains);
        if (Total("captured") != states.Count) yield return $"Flow has captured {Total("captured")} leads, and there are {states.Count}.";
        var waiting = flow.GetProperty("waitlist").GetProperty("count").GetInt64();
        if (waiting != Are("waitlisted")) yield return $"The waitlist has {waiting} leads, and {Are("waitlisted")} are waitlisted.";
        var pools = cards.EnumerateObject().Where(c => c.Name.StartsWith("pool/", StringComparison.Ordinal)).Select(c => c.Value).ToArray();
        long Sum(string name) => pools.Sum(p => p.GetProperty(name).GetInt64());
        if (Sum("queued") != Are("queued")) yield return $"Pools have {Sum("queued")} leads queued, and {Are("queued")} are.";
        if (Sum("offered") != Are("offered", "held")) yield return $"Pools have {Sum("offered")} leads placed, and {Are("offered", "held")} are.";
    }
}
