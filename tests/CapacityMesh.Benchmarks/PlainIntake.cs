using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CapacityMesh.Benchmarks;

/// <summary>
/// The same intake written the plain way, as one would begin: one transaction for each lead, which finds or makes the contact, takes the row of the gate
/// so that two leads never have one place, counts, and stores the lead. Nothing in it is slow on purpose: a prepared statement each, four round trips.
/// </summary>
internal static class PlainIntake
{
    private const string Tables =
        """
        CREATE TABLE contact (id uuid PRIMARY KEY, email text NOT NULL UNIQUE, name text NOT NULL);
        CREATE TABLE lead (id uuid PRIMARY KEY, contact uuid NOT NULL REFERENCES contact, campaign text NOT NULL, place bigint NOT NULL, captured_at timestamptz NOT NULL DEFAULT now());
        CREATE TABLE gate (pool text PRIMARY KEY, waiting bigint NOT NULL);
        CREATE TABLE campaign (id text PRIMARY KEY, captured bigint NOT NULL);
        INSERT INTO gate VALUES ('sales', 0);
        INSERT INTO campaign VALUES ('spring', 0);
        """;

    /// <summary>Starts it on a free port of loopback.</summary>
    public static async Task<WebApplication> StartAsync(string connection)
    {
        var source = new NpgsqlDataSourceBuilder(connection + ";Max Auto Prepare=16;Maximum Pool Size=32").Build();
        await using (var tables = source.CreateCommand(Tables)) await tables.ExecuteNonQueryAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapPost("/v1/leads", async (HttpContext http) =>
        {
            using var body = await JsonDocument.ParseAsync(http.Request.Body);
            var contact = body.RootElement.GetProperty("contact");
            var (lead, place) = await TakeAsync(source, body.RootElement.GetProperty("campaign").GetString()!, contact.GetProperty("email").GetString()!, contact.GetProperty("name").GetString()!);
            return Results.Json(new { leadId = lead, decision = "admitted", position = place }, statusCode: StatusCodes.Status201Created);
        });
        app.Lifetime.ApplicationStopped.Register(source.Dispose);
        await app.StartAsync();
        return app;
    }

    private static async Task<(Guid Lead, long Place)> TakeAsync(NpgsqlDataSource source, string campaign, string email, string name)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var contact = (Guid)(await OneAsync(connection, "INSERT INTO contact VALUES ($1, $2, $3) ON CONFLICT (email) DO UPDATE SET name = excluded.name RETURNING id", Guid.CreateVersion7(), email, name))!;
        var place = (long)(await OneAsync(connection, "UPDATE gate SET waiting = waiting + 1 WHERE pool = 'sales' RETURNING waiting"))!;
        var lead = Guid.CreateVersion7();
        await using (var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Command("INSERT INTO lead (id, contact, campaign, place) VALUES ($1, $2, $3, $4)", lead, contact, campaign, place),
                Command("UPDATE campaign SET captured = captured + 1 WHERE id = $1", campaign),
            },
        }) await batch.ExecuteNonQueryAsync();
        await transaction.CommitAsync();
        return (lead, place);
    }

    private static async Task<object?> OneAsync(NpgsqlConnection connection, string sql, params object[] values)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Command(sql, values) } };
        return await batch.ExecuteScalarAsync();
    }

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        return command;
    }
}
