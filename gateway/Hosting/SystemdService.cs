using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Console;

namespace Gateway.Hosting;

/// <summary>
/// The gateway as a systemd service of type <c>notify</c>: systemd learns when applications can connect, and restarts a gateway whose
/// watchdog is not fed (<see cref="ServiceWatch"/>). Log lines carry the priority that journald reads (sd-daemon(3)). Has no effect
/// elsewhere.
/// </summary>
internal static class SystemdService
{
    /// <summary>The priority of the sentence that says why a gateway ended: error.</summary>
    private const string ErrorPrefix = "<3>";

    public static void AddTo(HostApplicationBuilder builder)
    {
        if (!ServiceManager.IsSystemd) return;
        builder.Services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
        builder.Services.AddSingleton<IHostLifetime, SystemdLifetime>();
        // The formatter for people has no priorities; the one for machines has levels of its own and stays.
        builder.Services.PostConfigure<ConsoleLoggerOptions>(console => console.FormatterName =
            builder.Configuration["Logging:Console:FormatterName"] == ConsoleFormatterNames.Json
                ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Systemd);
        builder.Services.AddHostedService<ServiceWatch>();
    }

    /// <summary>The output for the sentence that says why a gateway ended.</summary>
    public static TextWriter ErrorsOr(TextWriter errors) => ServiceManager.IsSystemd ? new PrefixedWriter(errors) : errors;

    private sealed class PrefixedWriter(TextWriter inner) : StringWriter
    {
        public override Task WriteLineAsync(string? value) =>
            inner.WriteLineAsync(ErrorPrefix + value?.ReplaceLineEndings(Environment.NewLine + ErrorPrefix));
    }
}
