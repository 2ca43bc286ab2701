using System.Diagnostics;
using System.Runtime.Versioning;
using System.ServiceProcess;
using Gateway.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.WindowsServices;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.EventLog;
using Microsoft.Extensions.Options;
using Microsoft.Win32;

namespace Gateway.Hosting;

/// <summary>
/// The gateway as a Windows service: the service control manager starts and stops it, paths are relative to the program's folder instead of
/// the system's, and console output goes to the event log, from warnings on. Has no effect elsewhere.
/// </summary>
internal static class WindowsService
{
    /// <summary>The source that install.ps1 registers; only an administrator can.</summary>
    private const string OwnSource = "Gateway";

    /// <summary>An event source that exists on every Windows and to which every account may write.</summary>
    private const string CommonSource = ".NET Runtime";

    /// <summary>An event of either source with this id is displayed as it was written.</summary>
    private const int EventId = 1000;

    /// <summary>Windows cuts texts longer than 31,839 characters, with an error.</summary>
    private const int EventCharactersMax = 30_000;

    /// <summary>The service control manager has started this process.</summary>
    [SupportedOSPlatformGuard("windows")]
    public static bool IsOne { get; } = OperatingSystem.IsWindows() && WindowsServiceHelpers.IsWindowsService();

    /// <summary>Must be called before any path is read: a service starts in the system's folder.</summary>
    public static void EnterFolder()
    {
        if (IsOne) Environment.CurrentDirectory = AppContext.BaseDirectory;
    }

    public static void AddTo(HostApplicationBuilder builder)
    {
        if (IsOne) Add(builder);
    }

    /// <summary>
    /// Makes a gateway whose store has failed stop with an error, so that the service control manager restarts it, if configured to (<c>sc
    /// failureflag</c>).
    /// </summary>
    public static void TellFailures(IHost host, GatewayService gateway)
    {
        if (host.Services.GetRequiredService<IHostLifetime>() is ServiceBase service)
            host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.Register(() => Tell(service, gateway));
    }

    /// <summary>The output for the sentence that says why a gateway ended; the standard error of a service is never seen.</summary>
    public static TextWriter ErrorsOr(TextWriter errors) => IsOne ? new EventLogWriter() : errors;

    [SupportedOSPlatform("windows")]
    private static string EventSource()
    {
        using var own = Registry.LocalMachine.OpenSubKey($@"SYSTEM\CurrentControlSet\Services\EventLog\Application\{OwnSource}");
        return own is null ? CommonSource : OwnSource;
    }

    [SupportedOSPlatform("windows")]
    private static void Add(HostApplicationBuilder builder)
    {
        builder.Services.AddWindowsService(service => service.ServiceName = "Gateway");
        builder.Services.Configure<EventLogSettings>(log => log.SourceName = EventSource());
        // Beside its own registration the service's log would get every line once more, with the raw text of strangers in it.
        foreach (var own in builder.Services.Where(service => service.ImplementationType == typeof(EventLogLoggerProvider)).ToList())
            builder.Services.Remove(own);
        builder.Services.AddSingleton<ILoggerProvider>(services => new ShownEventLog(
            new EventLogLoggerProvider(services.GetRequiredService<IOptions<EventLogSettings>>())));
        builder.Logging.AddFilter<ShownEventLog>(level => level >= LogLevel.Warning);
    }

    private static void Tell(ServiceBase service, GatewayService gateway)
    {
        if (OperatingSystem.IsWindows() && gateway.Failure is not null) service.ExitCode = 1;
    }

    /// <summary>A type of its own, which the filter and Logging:EventLog of the configuration name.</summary>
    [ProviderAlias("EventLog")]
    private sealed class ShownEventLog(ILoggerProvider log) : ShownLoggers(log);

    [SupportedOSPlatform("windows")]
    private sealed class EventLogWriter : StringWriter
    {
        public override Task WriteLineAsync(string? value)
        {
            var text = ForeignText.Lines(value);
            EventLog.WriteEntry(
                EventSource(), text.Length > EventCharactersMax ? text[..EventCharactersMax] : text, EventLogEntryType.Error, EventId);
            return Task.CompletedTask;
        }
    }
}
