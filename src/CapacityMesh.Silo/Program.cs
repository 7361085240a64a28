using CapacityMesh.Cluster;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Postgres;
using CapacityMesh.Runtime.Journal.Sqlite;
using CapacityMesh.Silo;

var builder = WebApplication.CreateBuilder(args);
var settings = SiloSettings.Read(builder.Configuration);
// The journal decides: silos that form a cluster share one in PostgreSQL; a single silo may keep its own in SQLite.
await using IJournal journal = settings.Postgres is { } connection
    ? await PostgresJournal.OpenAsync(new PostgresJournalOptions(connection), CancellationToken.None)
    : new SqliteJournal(new SqliteJournalOptions(settings.DataFolder));
builder.Services.AddSingleton(journal);
builder.Services.AddSingleton(new MeshClock(TimeProvider.System));
builder.Services.AddSingleton<ClusterServices>();
builder.UseOrleans(silo => Membership.Use(silo, settings));

var app = builder.Build();
// Kestrel starts after the silo has joined, so whoever gets an answer here may send work.
app.MapGet("/healthz", () => Results.Text("ok"));
app.MapGet("/readyz", () => Results.Text("ok"));
await app.RunAsync();
return 0;
