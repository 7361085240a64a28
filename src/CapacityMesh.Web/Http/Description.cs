using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CapacityMesh.Core.Kernel;
using CapacityMesh.Web.Auth;
using CapacityMesh.Web.Json;
using CapacityMesh.Web.Problems;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace CapacityMesh.Web.Http;

/// <summary>What the generator of <c>/openapi/v1.json</c> cannot see by itself: paths, queries, headers, keys, problems, and our own value forms.</summary>
internal static partial class Description
{
    private const string KeyScheme = "key";

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathName();

    public static void Apply(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) => DescribeDocument(document));
        options.AddOperationTransformer(DescribeOperationAsync);
        options.AddSchemaTransformer((schema, context, _) => DescribeSchema(schema, context));
    }

    private static Task DescribeDocument(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo { Title = "CapacityMesh", Version = "v1", Description = "Live capacity, admission and spend signals. Lists answer items and a cursor; problems are RFC 9457." };
        document.Servers?.Clear();
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [KeyScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A key; it belongs to one workspace and has a role." },
        };
        return Task.CompletedTask;
    }

    private static async Task DescribeOperationAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var facts = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Parameters ??= [];
        foreach (Match name in PathName().Matches(context.Description.RelativePath ?? ""))
        {
            if (operation.Parameters.All(p => p.Name != name.Groups[1].Value)) operation.Parameters.Add(Text(name.Groups[1].Value, ParameterLocation.Path, required: true));
        }
        foreach (var query in facts.OfType<QueryNames>().SelectMany(q => q.Names)) operation.Parameters.Add(Text(query, ParameterLocation.Query, required: false));
        var isPost = context.Description.HttpMethod == "POST";
        if (isPost) operation.Parameters.Add(Text("Idempotency-Key", ParameterLocation.Header, required: false));
        var access = facts.OfType<Access>().FirstOrDefault() ?? Access.Open;
        operation.Responses ??= [];
        var problem = await context.GetOrCreateSchemaAsync(typeof(ProblemReply), null, cancel);
        int[] statuses = access.Anonymous ? [429, 503] : [400, 401, 403, 413, 415, 429, 503];
        foreach (var status in statuses)
        {
            operation.Responses.TryAdd($"{status}", new OpenApiResponse
            {
                Description = Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status),
                Content = new Dictionary<string, OpenApiMediaType> { [ProblemReply.ContentType] = new OpenApiMediaType { Schema = problem } },
            });
        }
        if (access.Anonymous) return;
        operation.Description = $"Roles: {string.Join(", ", access.Roles.Select(Wire.NameOf))}.";
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(KeyScheme, context.Document)] = [] }];
    }

    private static OpenApiParameter Text(string name, ParameterLocation place, bool required) =>
        new() { Name = name, In = place, Required = required, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };

    private static Task DescribeSchema(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
        if (type == typeof(DateTimeOffset)) Become(schema, "date-time", "2026-11-21T09:30:00Z");
        else if (type == typeof(TimeSpan)) Become(schema, "duration", "PT15M");
        else if (type == typeof(RawJson)) schema.Type = JsonSchemaType.Object;
        else if (type == typeof(Money))
        {
            schema.Type = JsonSchemaType.Object;
            schema.Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["amount"] = new OpenApiSchema { Type = JsonSchemaType.String, Examples = [JsonValue.Create("12.50")] },
                ["currency"] = new OpenApiSchema { Type = JsonSchemaType.String, Examples = [JsonValue.Create("EUR")] },
            };
        }
        return Task.CompletedTask;
    }

    private static void Become(OpenApiSchema schema, string format, string example)
    {
        schema.Type = JsonSchemaType.String;
        schema.Format = format;
        schema.Pattern = null;
        schema.Examples = [JsonValue.Create(example)];
    }
}
