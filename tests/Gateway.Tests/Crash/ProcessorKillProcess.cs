using System.Diagnostics;
using System.Globalization;
using System.Text;
using Gateway.Client;
using Gateway.Client.Processing;

namespace Gateway.Tests.Crash;

/// <summary>
/// An application with a processor, to be killed: it says on its standard output which message it has handled, before that is completed,
/// and ends in an orderly way with its standard input. Some messages fail at their first delivery.
/// </summary>
internal static class ProcessorKillProcess
{
    public const string Name = "processor-kill-process";

    private const int HandlersMax = 8;
    private const int LongestMs = 4;

    /// <summary>Shares no divisor with a number of keys: all messages of some keys would fail, each behind the retry of the last.</summary>
    private const int FailsEach = 7;

    public static async Task<int> RunAsync(string address, string queue)
    {
        var client = new GatewayClient(new GatewayClientOptions { Address = address, ApplicationName = Name });
        await using (client.ConfigureAwait(false))
        {
            var processor = client.CreateProcessor(queue, new GatewayProcessorOptions
            {
                ConcurrencyMax = HandlersMax,
                WaitingMax = 50,
                AttemptsMax = 1_000_000,
                RetryDelay = TimeSpan.FromMilliseconds(100),
                RetryDelayMax = TimeSpan.FromMilliseconds(500),
            });
            await using (processor.ConfigureAwait(false))
            {
                processor.ProcessMessageAsync += HandleAsync;
                await processor.StartProcessingAsync();
                await Console.In.ReadToEndAsync();
            }
        }

        return 0;
    }

    public static ProcessStartInfo Start(string address, string queue)
    {
        var program = Path.Combine(AppContext.BaseDirectory, typeof(ProcessorKillProcess).Assembly.GetName().Name!);
        return new ProcessStartInfo(OperatingSystem.IsWindows() ? program + ".exe" : program, [Name, address, queue]);
    }

    private static async Task HandleAsync(ProcessMessageEventArgs args)
    {
        var number = int.Parse(Encoding.UTF8.GetString(args.Message.Body.Span), CultureInfo.InvariantCulture);
        await Task.Delay(TimeSpan.FromMilliseconds(number % LongestMs), args.CancellationToken);
        if (number % FailsEach == 0 && args.Message.Deliveries == 1)
            throw new InvalidOperationException("It fails at its first delivery.");
        // One write a line: it is in the pipe whole or not at all.
        using var output = Console.OpenStandardOutput();
        output.Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{number}\n")));
    }
}
