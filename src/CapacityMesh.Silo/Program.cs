using CapacityMesh.Cluster;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Sqlite;
using CapacityMesh.Silo;

var builder = WebApplication.CreateBuilder(args);
var settings = SiloSettings.Read(builder.Configuration);
if (settings.Postgres is not null)
{
    // The journal decides; silos that cannot share one must not run as a cluster.
    Console.Error.WriteLine("This release has no PostgreSQL journal yet, so silos cannot share one. Unset CAPACITYMESH_POSTGRES to run one silo.");
    return 69;
}

await using var journal = new SqliteJournal(new SqliteJournalOptions(settings.DataFolder));
builder.Services.AddSingleton<IJournal>(journal);
builder.Services.AddSingleton(new MeshClock(TimeProvider.System));
builder.Services.AddSingleton<ClusterServices>();
builder.UseOrleans(silo => Membership.Use(silo, settings));

var app = builder.Build();
// Kestrel starts after the silo has joined, so whoever gets an answer here may send work.
app.MapGet("/healthz", () => Results.Text("ok"));
app.MapGet("/readyz", () => Results.Text("ok"));
await app.RunAsync();
return 0;
