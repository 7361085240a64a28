using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Callouts;
using CapacityMesh.Web.Capture;
using CapacityMesh.Web.Capture.Import;
using CapacityMesh.Web.Capture.Platforms;
using CapacityMesh.Web.Connectors;
using CapacityMesh.Web.Execution;
using CapacityMesh.Web.Feedback;
using CapacityMesh.Web.Feedback.Actuators;
using CapacityMesh.Web.Feedback.Actuators.Clients;
using CapacityMesh.Web.Feedback.Audit;
using CapacityMesh.Web.Feedback.Outcomes;
using CapacityMesh.Web.Feedback.Outcomes.Clients;
using CapacityMesh.Web.Feedback.Reports;
using CapacityMesh.Web.Feeds;
using CapacityMesh.Web.Http;
using CapacityMesh.Web.Json;
using CapacityMesh.Web.LiveBoard;
using CapacityMesh.Web.Operations;
using CapacityMesh.Web.Problems;
using CapacityMesh.Web.Routing;
using CapacityMesh.Web.Setup;
using CapacityMesh.Web.Webhooks;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CapacityMesh.Web;

/// <summary>Puts the web in front of a mesh.</summary>
public static class CapacityMeshWeb
{
    /// <summary>
    /// Adds everything that <see cref="MapCapacityMesh"/> needs, beside an <see cref="IMesh"/>, which the host adds. Optional from the host:
    /// <see cref="ITraceReader"/>, <see cref="IReadiness"/>, <see cref="IMetricsSource"/>.
    /// </summary>
    public static WebApplicationBuilder AddCapacityMeshWeb(this WebApplicationBuilder builder, WebOptions? options = null)
    {
        var services = builder.Services;
        services.AddSingleton(options ?? new WebOptions());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IDuty, SoleMember>();
        services.Configure<KestrelServerOptions>(kestrel => kestrel.AddServerHeader = false);
        services.ConfigureHttpJsonOptions(json => Wire.Apply(json.SerializerOptions));
        services.AddOpenApi("v1", Description.Apply);
        services.AddSignalR(hub => hub.MaximumReceiveMessageSize = 4 * 1024).AddJsonProtocol(json => Wire.Apply(json.PayloadSerializerOptions));
        AddAuth(services);
        AddCapture(services);
        AddPlatforms(services);
        AddWebhooks(services);
        AddForesight(services);
        AddActuators(services);
        AddReports(services);
        AddEndpoints(services);
        services.TryAddSingleton<ITraceReader, JournalTraceReader>();
        services.AddSingleton<SpendWatch>().AddSingleton<Boards>().AddSingleton<BoardSockets>();
        services.AddHostedService(s => s.GetRequiredService<Boards>());
        services.AddSingleton<RequestCounts>().AddSingleton<TurnCounts>();
        services.AddSingleton<IMetricsSource>(s => s.GetRequiredService<RequestCounts>()).AddSingleton<IMetricsSource>(s => s.GetRequiredService<TurnCounts>());
        return builder;
    }

    /// <summary>Maps every route. The order of the layers: headers, counts, faults, who is calling, what they want.</summary>
    public static WebApplication MapCapacityMesh(this WebApplication app)
    {
        var counts = app.Services.GetRequiredService<RequestCounts>();
        app.Use(SecurityHeaders.ApplyAsync);
        app.Use(counts.CountAsync);
        app.UseStatusCodePages(context => ProblemReply.WriteAsync(context.HttpContext, Bare(context.HttpContext.Response.StatusCode)));
        app.UseMiddleware<Faults>();
        app.UseMiddleware<AuthGate>();
        var routes = new Routes(app, app.Services.GetRequiredService<IMesh>());
        foreach (var endpoints in app.Services.GetServices<IEndpoints>()) endpoints.Map(routes);
        app.MapHub<BoardHub>("/hubs/board").WithMetadata(Access.Operator);
        app.MapOpenApi("/openapi/{documentName}.json").WithMetadata(Access.Open);
        Pages.Map(app);
        return app;
    }

    private static void AddAuth(IServiceCollection services) => services
        .AddSingleton<WorkspaceSecrets>().AddSingleton<Workspaces>().AddSingleton<KeyRing>().AddSingleton<KeyMaker>()
        .AddSingleton<Sessions>().AddSingleton<OneTimeLinks>().AddSingleton<LoginGuard>()
        .AddSingleton(s => new Bootstrap(
            s.GetRequiredService<IMesh>(), s.GetRequiredService<Workspaces>(), s.GetRequiredService<KeyRing>(), s.GetRequiredService<WorkspaceSecrets>(),
            s.GetRequiredService<OneTimeLinks>(), s.GetRequiredService<WebOptions>()));

    private static void AddCapture(IServiceCollection services) => services
        .AddSingleton<TimeOrderedIds>().AddSingleton<IdentityKeys>().AddSingleton<IdentityCache>().AddSingleton<ContactResolver>()
        .AddSingleton<CampaignSkills>().AddSingleton<UnknownCampaigns>().AddSingleton<Intake>();

    private static void AddPlatforms(IServiceCollection services) => services
        .AddSingleton<CalloutRules>().AddSingleton<CalloutClient>().AddSingleton<Backoff>().AddSingleton<SecretBox>().AddSingleton<ConnectorBook>()
        .AddSingleton<CaptureNotes>().AddHostedService(s => s.GetRequiredService<CaptureNotes>())
        .AddSingleton<ParkedLeads>().AddSingleton<IEndpoints>(s => s.GetRequiredService<ParkedLeads>()).AddSingleton<CaptureCounts>().AddSingleton<IMetricsSource>(s => s.GetRequiredService<CaptureCounts>())
        .AddSingleton<PlatformDesk>().AddSingleton<LeadRetraction>().AddSingleton<ILeadFetcher, MetaFetcher>().AddSingleton<ILeadFetcher, LinkedInFetcher>()
        .AddSingleton<FetchQueue>().AddHostedService(s => s.GetRequiredService<FetchQueue>())
        .AddSingleton<IEndpoints, ConnectorEndpoints>().AddSingleton<IEndpoints, GoogleCapture>().AddSingleton<IEndpoints, MetaCapture>()
        .AddSingleton<IEndpoints, LinkedInCapture>().AddSingleton<IEndpoints, TikTokCapture>().AddSingleton<IEndpoints, FormCapture>();

    private static void AddWebhooks(IServiceCollection services) => services
        .AddSingleton<WebhookBook>().AddSingleton<WebhookLags>().AddSingleton<IMetricsSource>(s => s.GetRequiredService<WebhookLags>()).AddSingleton<FactHistory>().AddSingleton<WebhookCourier>().AddSingleton<IMetricsSource>(s => s.GetRequiredService<WebhookCourier>())
        .AddSingleton<WebhookFeed>().AddHostedService(s => s.GetRequiredService<WebhookFeed>())
        .AddSingleton<IEndpoints, WebhookEndpoints>().AddSingleton<IEndpoints, DeliveryEndpoints>();

    private static void AddForesight(IServiceCollection services) => services
        .AddSingleton<WhatIfDesk>().AddSingleton<IMetricsSource>(s => s.GetRequiredService<WhatIfDesk>()).AddSingleton<ForecastBook>().AddSingleton<AdviceBook>()
        .AddSingleton<Forecaster>().AddHostedService(s => s.GetRequiredService<Forecaster>())
        .AddSingleton<IEndpoints, WhatIfEndpoints>().AddSingleton<IEndpoints, ForecastEndpoints>();

    private static void AddActuators(IServiceCollection services) => services
        .AddSingleton<PlatformTokens>().AddSingleton<PlatformApi>().AddSingleton<ActuatorCounts>().AddSingleton<IMetricsSource>(s => s.GetRequiredService<ActuatorCounts>())
        .AddSingleton<IActuator, GoogleActuator>().AddSingleton<IActuator, MetaActuator>().AddSingleton<IActuator, LinkedInActuator>()
        .AddSingleton<IActuator, MicrosoftActuator>().AddSingleton<IActuator, TikTokActuator>()
        .AddSingleton<ActuationRound>().AddSingleton<ActuatorDriver>().AddHostedService(s => s.GetRequiredService<ActuatorDriver>())
        .AddSingleton<IOutcomeUploader, GoogleUploader>().AddSingleton<IOutcomeUploader, MetaUploader>()
        .AddSingleton<IOutcomeUploader, LinkedInUploader>().AddSingleton<IOutcomeUploader, MicrosoftUploader>()
        .AddSingleton<OutcomeBook>().AddSingleton<OutcomePacker>().AddSingleton<OutcomeCourier>().AddSingleton<OutcomeFeed>().AddHostedService(s => s.GetRequiredService<OutcomeFeed>())
        .AddSingleton<IEndpoints, ActuatorEndpoints>().AddSingleton<IEndpoints, OutcomeEndpoints>();

    private static void AddReports(IServiceCollection services) => services
        .AddSingleton<FactReader>().AddSingleton<VisitBook>().AddSingleton<VisitKeeper>().AddHostedService(s => s.GetRequiredService<VisitKeeper>()).AddSingleton<IEndpoints, ReportEndpoints>()
        .AddSingleton<IWireCheck, CaptureWires>().AddSingleton<IWireCheck, RoutingWires>().AddSingleton<IWireCheck, ExecutionWires>().AddSingleton<IWireCheck, FeedbackWires>()
        .AddSingleton<IWireCheck, ActuatorWires>().AddSingleton<IWireCheck, OutcomeWires>()
        .AddSingleton<IEndpoints, AuditEndpoint>();

    private static void AddEndpoints(IServiceCollection services) => services
        .AddSingleton<IEndpoints, OperationsEndpoints>().AddSingleton<IEndpoints, LoginEndpoints>().AddSingleton<IEndpoints, KeyEndpoints>().AddSingleton<IEndpoints, WorkspaceEndpoints>()
        .AddSingleton<IEndpoints, ProcessEndpoints>().AddSingleton<IEndpoints, PeopleEndpoints>().AddSingleton<IEndpoints, SlotEndpoints>().AddSingleton<IEndpoints, CampaignEndpoints>()
        .AddSingleton<IEndpoints>(s => s.GetRequiredService<Intake>()).AddSingleton<IEndpoints, ContactEndpoints>().AddSingleton<IEndpoints, ImportEndpoint>()
        .AddSingleton<IEndpoints, LeadEndpoints>().AddSingleton<IEndpoints, LeadVerbs>().AddSingleton<IEndpoints, PromiseEndpoints>().AddSingleton<IEndpoints, WhyEndpoint>().AddSingleton<IEndpoints, TraceEndpoint>()
        .AddSingleton<IEndpoints, WorkEndpoint>().AddSingleton<IEndpoints, RoutingEndpoints>().AddSingleton<IEndpoints, SpendEndpoints>().AddSingleton<IEndpoints, SpendVerbs>()
        .AddSingleton<IEndpoints, BoardEndpoints>().AddSingleton<IEndpoints, ParkedEndpoints>();

    private static Problem Bare(int status) => status switch
    {
        StatusCodes.Status404NotFound => Problem.NotFound("routeUnknown", "There is no such route."),
        StatusCodes.Status405MethodNotAllowed => new Problem(status, "methodNotAllowed", "This route does not know this method."),
        StatusCodes.Status415UnsupportedMediaType => Problem.NotJson(),
        _ => new Problem(status, "refused", "The request was refused."),
    };
}
