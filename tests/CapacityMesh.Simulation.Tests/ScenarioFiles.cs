using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using CapacityMesh.Simulation.Policies;
using CapacityMesh.Simulation.WhatIf;
using CapacityMesh.Simulation.WhatIf.Files;
using Xunit;

namespace CapacityMesh.Simulation.Tests;

// Goal: a scenario file is read strictly, every error names its field, and nothing runs without end. Method: the shipped sample is read, then broken in
// one place after the other.
public sealed class ScenarioFiles
{
    private static string Sample([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "samples", "scenarios", "agency.json");

    [Fact]
    public void The_shipped_sample_answers_its_own_question()
    {
        var file = ScenarioFile.Read(File.ReadAllBytes(Sample()));

        var report = new WhatIfQuestion(4, file.Seed, file.Changes).Answer(file.Picture, 3)!;

        Assert.Equal("sales", report.Before.Constraint.Pool);
        Assert.True(report.Difference.Admitted.P10 > 20, $"{report.Difference.Admitted}");
        Assert.Contains("1 more person in sales", report.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_changes_is_a_business_on_which_policies_compare()
    {
        var json = JsonNode.Parse(File.ReadAllText(Sample()))!.AsObject();
        json.Remove("changes");
        var file = ScenarioFile.Read(Encoding.UTF8.GetBytes(json.ToJsonString()), weeks: 4);

        var table = Laboratory.Compare(FileScenario.Of(file), [PolicyKind.Mesh, PolicyKind.None], [1]);

        Assert.False(file.AsksWhatIf);
        Assert.True(table.Cards[1].Cards[0].Admitted > 1.5 * table.Cards[0].Cards[0].Admitted);
        Assert.True(table.Cards[0].Cards[0].BrokenPromises < 0.1);
    }

    [Theory]
    [InlineData("weeks", "5200", "weeks", "outOfRange")]
    [InlineData("weeks", "53", "weeks", "outOfRange")]
    [InlineData("weeks", "\"many\"", "weeks", "wrongType")]
    [InlineData("wekks", "8", "wekks", "unknownKey")]
    [InlineData("people.0.weeklyCapacty", "8", "people[0].weeklyCapacty", "unknownKey")]
    [InlineData("process.stages.0.passRate", "1.4", "process.stages[0].passRate", "impossibleRate")]
    [InlineData("process.stages.0.passRate", "-0.1", "process.stages[0].passRate", "impossibleRate")]
    [InlineData("process.stages.1.promise", "\"P1Y\"", "process.stages[1].promise", "invalidDuration")]
    [InlineData("process.stages.1.pool", "\"nobody\"", "process.stages[1].pool", "unknownPool")]
    [InlineData("process.stages", "null", "process.stages", "required")]
    [InlineData("people.1.pools", "[]", "people[1].pools", "invalidCount")]
    [InlineData("people.1.weeklyCapacity", "0", "process.pools[1]", "zeroCapacity")]
    [InlineData("people", "[]", "process.pools[0]", "emptyPool")]
    [InlineData("slots", "[]", "process.pools[2]", "emptyPool")]
    [InlineData("people.0.count", "3000", "people[0].count", "outOfRange")]
    [InlineData("campaigns.0.leadsPerWeek", "10000000", "campaigns", "tooManyLeads")]
    [InlineData("campaigns.0.leadsPerWeek", "-1", "campaigns[0].leadsPerWeek", "impossibleRate")]
    [InlineData("campaigns.0.leadsPerWeek", "1e400", "campaigns[0].leadsPerWeek", "impossibleRate")]
    [InlineData("campaigns.0.costPerLead.currency", "\"euro\"", "campaigns[0].costPerLead.currency", "outOfRange")]
    [InlineData("slots.0.pool", "\"sales\"", "slots[0].pool", "poolOfPeople")]
    [InlineData("at", "\"2026-01-01T00:00:00\"", "at", "invalidInstant")]
    [InlineData("leads", "[{\"state\":\"waiting\",\"stage\":\"sleep\"}]", "leads[0].stage", "unknownStage")]
    [InlineData("leads", "[{\"state\":\"waiting\",\"stage\":\"discovery\",\"count\":5000},{\"state\":\"waitlisted\"}]", "leads[1]", "tooManyLeads")]
    [InlineData("changes", "[{\"addPeople\":{\"pool\":\"onboarding\"}}]", "changes[0].addPeople.pool", "poolOfSlots")]
    [InlineData("changes", "[{\"addSlots\":{\"pool\":\"nowhere\",\"perMonth\":2}}]", "changes[0].addSlots.pool", "unknownPool")]
    [InlineData("changes", "[{\"hireMore\":{}}]", "changes[0].hireMore", "unknownKey")]
    [InlineData("changes", "[{}]", "changes[0]", "oneChange")]
    public void What_cannot_be_is_refused_by_the_path_of_its_field(string path, string value, string field, string code)
    {
        var json = JsonNode.Parse(File.ReadAllText(Sample()))!;
        var broken = Encoding.UTF8.GetBytes(With(json, path.Split('.'), value));

        var wrong = Assert.Throws<ScenarioFileException>(() => ScenarioFile.Read(broken));

        Assert.Contains(wrong.Errors, e => e.Field == field && e.Code == code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"weeks\": 8")]
    [InlineData("[]")]
    [InlineData("{\"weeks\":8,\"weeks\":9}")]
    public void What_is_no_scenario_at_all_is_refused(string text) => Assert.Throws<ScenarioFileException>(() => ScenarioFile.Read(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void All_errors_are_told_at_once()
    {
        var json = JsonNode.Parse(File.ReadAllText(Sample()))!;
        json["risk"] = 3;
        json["process"]!["risk"] = 3;
        json["people"]![0]!["weeklyCapacity"] = -3;

        var wrong = Assert.Throws<ScenarioFileException>(() => ScenarioFile.Read(Encoding.UTF8.GetBytes(json.ToJsonString())));

        Assert.Equal(3, wrong.Errors.Count(e => e.Code is "unknownKey" or "outOfRange"));
    }

    // A number may be one that no JsonNode holds: the value is put into the text.
    private static string With(JsonNode json, string[] path, string value)
    {
        var node = json;
        foreach (var step in path[..^1]) node = int.TryParse(step, out var index) ? node![index] : node![step];
        node!.AsObject()[path[^1]] = "~~~";
        return json.ToJsonString().Replace("\"~~~\"", value, StringComparison.Ordinal);
    }
}
