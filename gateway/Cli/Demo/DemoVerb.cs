using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Gateway.Cli.Demo.Ledger;
using Gateway.Cli.Demo.Processes;
using Gateway.Cli.Shell;
using Gateway.Logging;
using Spectre.Console;

namespace Gateway.Cli.Demo;

/// <summary>Tests the gateway's promise in under a minute, in front of the user.</summary>
internal static class DemoVerb
{
    private const string Files = "LiteDB";
    private const string Database = "PostgreSQL";

    public static Command Create(Terminal terminal)
    {
        var messages = WholeNumber.Option("--messages", "How many messages are sent.", DemoDefaults.Messages, 1, DemoDefaults.MessagesMax);
        var size = WholeNumber.Option("--size", "Size of each body in bytes.", DemoDefaults.SizeBytes, DemoBody.HeaderBytes,
            DemoDefaults.SizeBytesMax);
        var seconds = WholeNumber.Option(
            "--seconds", "The longest the whole run may take, in seconds.", (int)DemoDefaults.Limit.TotalSeconds,
                (int)DemoDefaults.LimitMin.TotalSeconds, 3_600);
        var seed = new Option<int?>("--seed")
        {
            Description = "Chooses the bodies and the moments of the kills. Default: at random, and printed.",
            HelpName = "N",
        };
        var keep = new Option<bool>("--keep")
        { Description = "Keep the folder with the stores and the logs. It is always kept when the demo fails." };

        var engine = new Option<string>("--engine")
        {
            Description = "Where the gateways keep their messages: LiteDB, in files, or PostgreSQL, where a standby of the receiving "
                + "gateway takes over when that is killed.",
            HelpName = "NAME",
            DefaultValueFactory = _ => Files,
        };
        engine.AcceptOnlyFromAmong(Files, Database);
        var connection = new Option<string?>("--connection")
        { Description = "How to reach PostgreSQL, in Npgsql's form. The demo makes a schema there, and removes it.", HelpName = "STRING" };
        var tcp = new Option<bool>("--tcp")
        { Description = "The applications are programs with plain sockets, which know nothing of gateways." };

        var command = new Command(
            "demo",
            "Run two gateways, a sending and a receiving application; kill the receiving gateway, the consumer and the sending gateway "
                + "while messages "
            + "flow; and balance what was accepted against what was delivered.")
        {
            messages, size, seed, seconds, engine, connection, tcp, keep,
        };
        command.Validators.Add(result =>
        {
            var isDatabase = result.GetValue(engine) == Database;
            if (isDatabase != (result.GetValue(connection) is { Length: > 0 }))
                result.AddError("--engine PostgreSQL and --connection belong together: give both, or neither.");
        });
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, () => RunAsync(
            new DemoOptions
            {
                Messages = parsed.GetValue(messages),
                SizeBytes = parsed.GetValue(size),
                Seed = parsed.GetValue(seed) ?? RandomNumberGenerator.GetInt32(1_000_000),
                Limit = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                Tcp = parsed.GetValue(tcp),
                Database = parsed.GetValue(connection) is { Length: > 0 } place ? new DemoDatabase(place) : null,
                Keep = parsed.GetValue(keep),
            },
            terminal,
            cancellationToken)));
        return command;
    }

    private static async Task<ExitCode> RunAsync(DemoOptions options, Terminal terminal, CancellationToken cancellationToken)
    {
        var folder = DemoFolder.Create();
        var balanced = false;
        var interrupted = false;
        try
        {
            await terminal.WriteSentenceAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{Figures.Messages(options.Messages)} of {Figures.Counted(options.SizeBytes, "byte")}; --seed {options.Seed} repeats "
                    + $"bodies and kills; "
                    + $"logs in {folder}"), cancellationToken);
            var result = await ShowAsync(new DemoRun(options, folder, terminal.Time), terminal, cancellationToken);
            balanced = result.Balanced;
            await TellAsync(result, terminal, cancellationToken);
        }
        catch (Exception e) when (e is OperationCanceledException or OutputLostException)
        {
            interrupted = true;
            throw;
        }
        finally
        {
            if ((balanced || interrupted) && !options.Keep)
            {
                FilePatience.OfSystem.Run(folder, () => Directory.Delete(folder, recursive: true));
                options.Database?.Drop();
            }
            else
            {
                await KeepAsync(folder, options.Database?.Schema, balanced, terminal.Error);
            }
        }

        return ExitCode.Ok;
    }

    /// <summary>Runs the demo and shows its progress. Ends when the output is lost.</summary>
    private static async Task<DemoResult> ShowAsync(DemoRun run, Terminal terminal, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var demo = run.RunAsync(stop.Token);
        try
        {
            await (terminal.Width is not null && AnsiConsole.Profile.Capabilities.Ansi
                ? new TerminalDisplay(terminal).ShowAsync(run, demo, cancellationToken)
                : new PlainDisplay(terminal).ShowAsync(run, demo, cancellationToken));
            return await demo;
        }
        finally
        {
            await stop.CancelAsync();
            await ((Task)demo).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private static async Task TellAsync(DemoResult result, Terminal terminal, CancellationToken cancellationToken)
    {
        var lost = "";
        try
        {
            await new Output(terminal, OutputFormat.Table).WriteAsync([LedgerTable.Create(result)], cancellationToken);
            if (result.Balanced) await terminal.WriteSentenceAsync("The ledger balances.", cancellationToken);
        }
        catch (OutputLostException e)
        {
            lost = $"{e.Message} ";
        }

        if (!result.Balanced)
        {
            throw new CommandLineException(
                ExitCode.NotBalanced, $"{lost}The ledger does not balance: a value in it is not what it must be, or the time was "
                    + $"too short.");
        }

        if (lost.Length > 0) throw new CommandLineException(ExitCode.OutputLost, $"{lost}The ledger balances.");
    }

    /// <param name="schema">That of the stores in a database; null for files.</param>
    private static async Task KeepAsync(string folder, string? schema, bool balanced, TextWriter error)
    {
        if (!balanced)
        {
            foreach (var line in DemoFolder.LastWords(folder))
                await error.WriteLineAsync(line);
        }

        await error.WriteLineAsync(schema is null ? $"The stores and logs are in {folder}"
            : $"The logs are in {folder}, and the stores in the schema {schema} of the database");
    }
}
