using Gateway.Configuration;
using Gateway.Http;
using Gateway.Http.Answers;
using Gateway.Logging;
using Gateway.Management;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Pages;
using Gateway.Telemetry;
using Gateway.Transport.Accepting;
using Gateway.Transport.Dialing;
using Gateway.Transport.Tls;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Gateway.Hosting;

/// <summary>The composition root of a running gateway.</summary>
internal static class GatewayHost
{
    /// <summary>The time to connect to a telemetry collector; half of the time of an export.</summary>
    private static readonly TimeSpan _collectorTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Runs a gateway until it is stopped by a signal or by the token.</summary>
    /// <param name="args">Configuration as <c>--Gateway:Name=value</c>, and <c>--config=FILE</c> for a further file.</param>
    /// <param name="errors">Receives the sentence that says why the gateway ended; it must not block on its reader.</param>
    /// <returns>
    /// 0 after an orderly stop, 1 after a store failure or a stop in which something did not end, 2 for a wrong configuration; the last two
    /// write the reason.
    /// </returns>
    public static async Task<int> RunAsync(string[] args, TextWriter errors, CancellationToken cancellationToken)
    {
        errors = SystemdService.ErrorsOr(WindowsService.ErrorsOr(errors));
        try
        {
            var host = Build(args);
            var gateway = host.Services.GetRequiredService<GatewayService>();
            WindowsService.TellFailures(host, gateway);
            var limit = host.Services.GetRequiredService<StopPatience>().Whole;
            var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            // It disposes of the host, too. Not on this thread, which a part that blocks would take with it.
            var running = Task.Run(() => host.RunAsync(cancellationToken), CancellationToken.None);
            var fault = await StopLimit.AwaitAsync(running, stopping, limit, TimeProvider.System)
                ? gateway.Fault
                : $"The stop did not end within {Figures.Span(limit)}: {gateway.StopsAt} did not. The process ends without it, "
                    + "as if it had been killed. Nothing promised is lost: what was accepted is in the store.";
            if (fault is null) return 0;
            await errors.WriteLineAsync(fault);
            return 1;
        }
        catch (OptionsValidationException e)
        {
            await errors.WriteLineAsync(
                $"The configuration is wrong:{string.Concat(e.Failures.Select(fault => $"{Environment.NewLine}  {fault}"))}");
            return 2;
        }
        catch (InvalidDataException e)
        {
            await errors.WriteLineAsync($"The configuration cannot be read. {GatewayConfiguration.Reason(e)}");
            return 2;
        }
        catch (LogFileException e)
        {
            await errors.WriteLineAsync($"The configuration is wrong. {e.Message}");
            return 2;
        }
        catch (TlsFilesException e)
        {
            await errors.WriteLineAsync($"The configuration is wrong. Tls: {e.Message}.");
            return 2;
        }
        catch (Exception e) when (e is StoreFailedException
            or StoreInUseException or StoreFormatException or CorruptPageException or ListenFailedException)
        {
            await errors.WriteLineAsync(e.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            // Stopped while it stood by, with nothing to finish.
            return 0;
        }
    }

    private static IHost Build(string[] args)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        var files = new ConfigurationFiles(args);
        var root = new ConfigurationBuilder().AddGatewayConfiguration(args).Build();
        var inForce = new ConfigurationInForce(root);
        ((IConfigurationBuilder)builder.Configuration).Add(inForce);
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        // A failed start is reported in one sentence on stderr.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", LogLevel.None);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Connections", LogLevel.Warning);
        AddConsole(builder);
        WindowsService.AddTo(builder);

        var options = GatewayOptionsReader.Read(builder.Configuration);
        if (FileLogOptions.Of(builder.Configuration) is { Path.Length: > 0 } file)
        {
            builder.Services.AddSingleton(file);
            AddLineLog<FileLog>(builder.Services);
        }

        var telemetry = options.Telemetry.ToSettings(options.Name) with
        { Connect = new RacedConnect(AddressRace.Of(_collectorTimeout, TimeProvider.System)).ConnectAsync };
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.StopTimeout + TimeSpan.FromSeconds(25));
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(new RunningOptions(options));
        builder.Services.AddSingleton(inForce);
        builder.Services.AddSingleton(files);
        builder.Services.AddSingleton(LoadedConfiguration.Of(root, options));
        builder.Services.AddSingleton<ConfigurationReload>();
        builder.Services.AddSingleton<IConfigurationReload>(services => services.GetRequiredService<ConfigurationReload>());
        builder.Services.AddSingleton(telemetry);
        builder.Services.AddSingleton(new StopPatience(options.StopTimeout));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new Random(Guid.NewGuid().GetHashCode()));
        SystemdService.AddTo(builder);
        // Before the gateway: opening a store can take long, and a hang-up must not kill the process meanwhile.
        builder.Services.AddHostedService<HangUp>();
        builder.Services.AddSingleton<GatewayService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<GatewayService>());
        builder.Services.AddSingleton<IRunningGateway>(services => services.GetRequiredService<GatewayService>());
        builder.Services.AddSingleton<IObservers, Observers>();
        builder.Services.AddSingleton<GatewayAccess>();
        builder.Services.AddHostedService<HttpService>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ConfigurationReload>());
        builder.Services.AddHostedService<MemoryTrim>();
        builder.Services.AddGatewayTelemetry(telemetry);
        return builder.Build();
    }

    /// <summary>
    /// Lines for people, or JSON for machines, as Logging:Console:FormatterName says. Both show the time in UTC; the configuration of a
    /// formatter takes precedence.
    /// </summary>
    private static void AddConsole(HostApplicationBuilder builder)
    {
        builder.Services.Configure<SimpleConsoleFormatterOptions>(console =>
        {
            console.SingleLine = true;
            // A Windows console shows colour codes as characters unless escape sequences are enabled.
            if (OperatingSystem.IsWindows()) console.ColorBehavior = LoggerColorBehavior.Disabled;
            console.TimestampFormat = "yyyy-MM-dd HH:mm:ss.fff'Z' ";
            console.UseUtcTimestamp = true;
        });
        builder.Services.Configure<JsonConsoleFormatterOptions>(console =>
        {
            console.IncludeScopes = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            console.UseUtcTimestamp = true;
        });
        // A log line within a span carries the ids of its trace.
        builder.Logging.Configure(logging => logging.ActivityTrackingOptions =
            ActivityTrackingOptions.TraceId | ActivityTrackingOptions.SpanId);
        // The formats are those of the standard console logger; the output is our own, which never blocks.
        builder.Logging.AddConsole();
        var waiting = builder.Services.Single(
            service => service.ServiceType == typeof(ILoggerProvider) && service.ImplementationType == typeof(ConsoleLoggerProvider));
        builder.Services.Remove(waiting);
        AddLineLog<ConsoleLog>(builder.Services);
        builder.Services.AddSingleton<DroppedLines>();
    }

    private static void AddLineLog<T>(IServiceCollection services)
        where T : class, ILoggerProvider, ILineLog
    {
        services.AddSingleton<T>();
        services.AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<T>());
        services.AddSingleton<ILineLog>(provider => provider.GetRequiredService<T>());
    }
}
