using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using Gateway.Cli.Demo;
using Gateway.Files;
using Spectre.Console;

namespace Gateway.Cli;

/// <summary>The gateway's promise, put to the test in under a minute and in front of the user's eyes.</summary>
internal static class DemoVerb
{
    public static Command Create(Terminal terminal)
    {
        var messages = WholeNumber.Option("--messages", "How many messages are sent.", DemoDefaults.Messages, 1, DemoDefaults.MessagesMax);
        var size = WholeNumber.Option("--size", "Size of each body in bytes.", DemoDefaults.SizeBytes, DemoBody.HeaderBytes, DemoDefaults.SizeBytesMax);
        var seconds = WholeNumber.Option(
            "--seconds", "The whole run ends within so many seconds.", (int)DemoDefaults.Limit.TotalSeconds, (int)DemoDefaults.LimitMin.TotalSeconds, 3_600);
        var seed = new Option<int?>("--seed")
        {
            Description = "Chooses the bodies and the moments of the kills. Default: at random, and printed.",
            HelpName = "N",
        };
        var keep = new Option<bool>("--keep") { Description = "Keep the folder with the stores and the logs. It is always kept when the demo fails." };

        var command = new Command(
            "demo",
            "Run two gateways, a sending and a receiving application; kill the receiving gateway, the consumer and the sending gateway while messages "
            + "flow; and balance what was accepted against what was delivered.")
        {
            messages, size, seed, seconds, keep,
        };
        command.SetAction((parsed, cancellationToken) => Verb.RunAsync(terminal, () => RunAsync(
            new DemoOptions
            {
                Messages = parsed.GetValue(messages),
                SizeBytes = parsed.GetValue(size),
                Seed = parsed.GetValue(seed) ?? RandomNumberGenerator.GetInt32(1_000_000),
                Limit = TimeSpan.FromSeconds(parsed.GetValue(seconds)),
                Keep = parsed.GetValue(keep),
            },
            terminal,
            cancellationToken)));
        return command;
    }

    private static async Task<ExitCode> RunAsync(DemoOptions options, Terminal terminal, CancellationToken cancellationToken)
    {
        var console = AnsiConsole.Console;
        var output = console.Profile.Out.Writer;
        var folder = DemoFolder.Create();
        await output.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{options.Messages:N0} messages of {options.SizeBytes:N0} bytes; --seed {options.Seed} repeats bodies and kills; logs in {folder}"));

        var balanced = false;
        var interrupted = false;
        try
        {
            var run = new DemoRun(options, folder, terminal.Time);
            var demo = run.RunAsync(cancellationToken);
            await (console.Profile.Capabilities.Interactive && console.Profile.Out.IsTerminal
                ? new TerminalDisplay(console, terminal.Time).ShowAsync(run, demo)
                : new PlainDisplay(output, terminal.Time).ShowAsync(run, demo));

            var result = await demo;
            balanced = result.Balanced;
            console.Write(LedgerTable.Create(result));
        }
        catch (OperationCanceledException)
        {
            interrupted = true;
            throw;
        }
        finally
        {
            if ((balanced || interrupted) && !options.Keep)
                FilePatience.OfSystem.Run(folder, () => Directory.Delete(folder, recursive: true));
            else
                await KeepAsync(folder, balanced, terminal.Error);
        }

        if (!balanced)
        {
            throw new CommandLineException(
                ExitCode.NotBalanced, "The ledger does not balance: a value in it is not what it must be, or the time was too short.");
        }

        await output.WriteLineAsync("The ledger balances.");
        return ExitCode.Ok;
    }

    private static async Task KeepAsync(string folder, bool balanced, TextWriter error)
    {
        if (!balanced)
        {
            foreach (var line in DemoFolder.LastWords(folder))
                await error.WriteLineAsync(line);
        }

        await error.WriteLineAsync($"The stores and logs are in {folder}");
    }
}
