using CapacityMesh.Cluster;
using CapacityMesh.Runtime.Hosting;
using CapacityMesh.Silo;

var builder = WebApplication.CreateBuilder(args);
var settings = SiloSettings.Read(builder.Configuration);
var journal = SiloJournal.Open(settings);

builder.Services.AddSingleton(journal);
builder.Services.AddSingleton(new MeshClock(TimeProvider.System));
builder.Services.AddSingleton<ClusterServices>();
builder.UseOrleans(silo => Membership.Use(silo, settings));

var app = builder.Build();
// Kestrel starts after the silo has joined, so whoever gets an answer here may send work.
app.MapGet("/healthz", () => Results.Text("ok"));
app.MapGet("/readyz", () => Results.Text("ok"));
await using (journal)
{
    await app.RunAsync();
}
