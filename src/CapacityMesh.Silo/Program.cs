using CapacityMesh.Runtime.Journal;
using CapacityMesh.Runtime.Journal.Postgres;
using CapacityMesh.Silo;
using CapacityMesh.Web.Hosting;

// A silo of a cluster: the same web as on one machine, over grains. 1 read the settings, 2 wait for the database, 3 join, 4 serve, 5 drain.
try
{
    var settings = SiloSettings.Read(new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build());
    if (ListenRules.Against(settings.Urls, settings.BehindProxy) is { } why) throw new ArgumentException(why);
    await using var journal = await WaitingRoom.OpenAsync(settings.Urls, cancel => OpenAsync(settings, cancel), CancellationToken.None);
    if (journal is not null) await SiloServer.RunAsync(settings, journal);
    return 0;
}
catch (Exception fault) when (fault is ArgumentException or IOException or JournalSchemaException or JournalOwnedException or JournalUnavailableException)
{
    Console.Error.WriteLine(fault.Message);
    return 2;
}

static async Task<PostgresJournal> OpenAsync(SiloSettings settings, CancellationToken cancel)
{
    var journal = await PostgresJournal.OpenAsync(new PostgresJournalOptions(settings.Postgres) { Cluster = settings.ClusterId, OpenTimeout = TimeSpan.Zero, PoolMax = 16 }, cancel);
    try
    {
        await Membership.PrepareAsync(settings, cancel);
        return journal;
    }
    catch
    {
        await journal.DisposeAsync();
        throw;
    }
}
