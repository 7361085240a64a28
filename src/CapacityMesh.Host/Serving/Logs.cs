using Microsoft.Extensions.Logging.Console;

namespace CapacityMesh.Host.Serving;

/// <summary>
/// Quiet, to the error stream, one line each: JSON for programs, plain for a terminal. The web server's own words below a warning are left out: they
/// name addresses and paths.
/// </summary>
internal static class Logs
{
    public static void Configure(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Information).AddFilter("Microsoft", LogLevel.Warning).AddFilter("System", LogLevel.Warning);
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        if (Console.IsErrorRedirected) logging.AddJsonConsole(json => (json.UseUtcTimestamp, json.TimestampFormat) = (true, "O"));
        else logging.AddSimpleConsole(simple => (simple.SingleLine, simple.UseUtcTimestamp, simple.TimestampFormat) = (true, true, "HH:mm:ss "));
    }
}
