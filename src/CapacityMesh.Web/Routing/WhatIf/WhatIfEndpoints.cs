using System.Text.Json;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Simulation.WhatIf;
using CapacityMesh.Simulation.WhatIf.Changes;
using CapacityMesh.Simulation.WhatIf.Files;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Json;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Routing;

/// <summary>What changes would bring: asked and answered; nothing is promised or reserved, and the workspace hears nothing of it.</summary>
internal sealed class WhatIfEndpoints(WhatIfDesk desk) : IEndpoints
{
    public void Map(Routes routes)
    {
        routes.Post("/v1/whatif", Access.Operator, "What changes would bring, before and after, in ranges; promises and reserves nothing", AskAsync)
            .Takes<WhatIfBody>().Gives<WhatIfReport>().Refuses(409, 422);
        routes.Get("/v1/whatif/snapshot", Access.Operator, "The workspace as a scenario file, for simulate FILE", SnapshotAsync).Gives<RawJson>().Refuses(409, 422);
    }

    private async Task AskAsync(ApiCall call)
    {
        var body = await call.BodyAsync<RawJson>();
        // A question changes nothing, so a repeat is simply asked again; a key that cannot be one is refused all the same.
        _ = call.IdempotencyKey;
        var report = await desk.ComputeAsync<WhatIfReport?>(call.Workspace, async cancel =>
        {
            var picture = await desk.PictureAsync(call.Workspace, cancel);
            var question = Read(body, picture);
            return stop => question.Answer(picture, pause: WhatIfDesk.Rest, cancel: stop);
        }, call.Cancel);
        if (report is null) throw new ProblemException(new Problem(StatusCodes.Status422UnprocessableEntity, "whatIfTooLarge", "Not one future could be computed in time; ask about fewer weeks."));
        await call.ReplyAsync(report);
    }

    private async Task SnapshotAsync(ApiCall call)
    {
        var picture = await desk.PictureAsync(call.Workspace, call.Cancel);
        await call.ReplyAsync(ScenarioFileWriter.Write(picture, call.Workspace, WhatIfQuestion.DefaultWeeks));
    }

    private static WhatIfQuestion Read(RawJson body, Picture picture)
    {
        using var document = JsonDocument.Parse(body.Utf8);
        var errors = new FieldErrors();
        var top = new Field(document.RootElement, "", errors).Only("weeks", "seed", "changes");
        var question = new WhatIfQuestion(
            top.Find("weeks")?.Whole(1, Futures.WeeksMax) ?? WhatIfQuestion.DefaultWeeks,
            (ulong)(top.Find("seed")?.Number(0, long.MaxValue) ?? 1),
            ChangeReader.Read(top.Items("changes", Change.CountMax), picture));
        return errors.None ? question : throw new ProblemException(Problem.Invalid(errors.All));
    }
}
