using Microsoft.AspNetCore.Hosting;

namespace CapacityMesh.Web.Hosting;

/// <summary>How every process that serves the web begins: where it listens, what callers may cost, and how it logs.</summary>
public static class ServerBuilder
{
    /// <summary>Makes the builder.</summary>
    /// <param name="urls">Where to listen, separated by semicolons.</param>
    /// <param name="drain">How long a stop may take.</param>
    public static WebApplicationBuilder Create(string urls, TimeSpan drain)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseUrls(urls);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(ServerLimits.Apply);
        builder.Logging.ClearProviders().AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        }).SetMinimumLevel(LogLevel.Warning);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = drain);
        return builder;
    }
}
