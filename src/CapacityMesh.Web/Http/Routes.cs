using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Problems;

namespace CapacityMesh.Web.Http;

/// <summary>A group of endpoints of one subject.</summary>
internal interface IEndpoints
{
    /// <summary>Maps them.</summary>
    void Map(Routes routes);
}

/// <summary>Maps API endpoints with everything that authorization and the description need.</summary>
internal sealed class Routes(IEndpointRouteBuilder app, IMesh mesh)
{
    public RouteBuilder Get(string pattern, Access access, string summary, Func<ApiCall, Task> handler) => Map("GET", pattern, access, summary, handler);

    public RouteBuilder Put(string pattern, Access access, string summary, Func<ApiCall, Task> handler) => Map("PUT", pattern, access, summary, handler);

    public RouteBuilder Post(string pattern, Access access, string summary, Func<ApiCall, Task> handler) => Map("POST", pattern, access, summary, handler);

    public RouteBuilder Delete(string pattern, Access access, string summary, Func<ApiCall, Task> handler) => Map("DELETE", pattern, access, summary, handler);

    private RouteBuilder Map(string method, string pattern, Access access, string summary, Func<ApiCall, Task> handler)
    {
        RequestDelegate run = http => handler(new ApiCall(http, mesh));
        var built = app.MapMethods(pattern, [method], run)
            // The method is what makes a request delegate visible to the description.
            .WithMetadata(run.Method, access)
            .WithSummary(summary)
            .WithName($"{method} {pattern}")
            .WithTags(pattern.Split('/', StringSplitOptions.RemoveEmptyEntries) is [_, var tag, ..] ? tag : "operations");
        return new RouteBuilder(built);
    }
}

/// <summary>Describes one endpoint further.</summary>
internal sealed class RouteBuilder(IEndpointConventionBuilder built)
{
    /// <summary>The body that it takes.</summary>
    public RouteBuilder Takes<T>(bool optional = false)
    {
        built.WithMetadata(new AcceptsMetadata(["application/json"], typeof(T), optional));
        return this;
    }

    /// <summary>What it answers.</summary>
    public RouteBuilder Gives<T>(int status = StatusCodes.Status200OK)
    {
        built.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(T), ["application/json"]));
        return this;
    }

    /// <summary>It answers with nothing.</summary>
    public RouteBuilder GivesNothing(int status = StatusCodes.Status204NoContent)
    {
        built.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(void)));
        return this;
    }

    /// <summary>Words in the query that it understands.</summary>
    public RouteBuilder Asks(params string[] names)
    {
        built.WithMetadata(new QueryNames(names));
        return this;
    }

    /// <summary>Problems that are its own, beside those that every endpoint has.</summary>
    public RouteBuilder Refuses(params int[] statuses)
    {
        foreach (var status in statuses) built.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ProblemReply), [ProblemReply.ContentType]));
        return this;
    }
}

/// <summary>Words in the query that an endpoint understands.</summary>
internal sealed record QueryNames(IReadOnlyList<string> Names);
