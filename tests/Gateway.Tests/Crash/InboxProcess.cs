using System.Diagnostics;
using System.Globalization;
using System.Text;
using Gateway.Client;
using Gateway.Client.Outbox;

namespace Gateway.Tests.Crash;

/// <summary>
/// A consumer with an inbox, to be killed: the effect of a message is a row of its own, written within the transaction in which its id is
/// kept. It kills itself at the point that it is given, or ends with its standard input.
/// </summary>
internal static class InboxProcess
{
    public const string Name = "inbox-process";
    public const string Queue = "orders";

    public static readonly IReadOnlyList<string> Points = ["received", "begun", "effect", "committed", "completed"];

    public static async Task<int> RunAsync(string database, string address, string point, string occurrence)
    {
        var left = int.Parse(occurrence, CultureInfo.InvariantCulture);
        var inbox = new GatewayInbox(new InboxOptions { Dialect = OutboxProcess.DialectOf(database) });
        using var stop = new CancellationTokenSource();
        await using var source = OutboxProcess.SourceOf(database);
        await using var client = new GatewayClient(new GatewayClientOptions { Address = address, ApplicationName = Name });
        // A console is read in the thread that asks.
        _ = Task.Run(Console.In.ReadToEnd).ContinueWith(_ => stop.Cancel(), TaskScheduler.Default);
        try
        {
            await foreach (var message in client.ReceiveAsync(Queue, cancellationToken: stop.Token))
            {
                Reach("received");
                await using var connection = await source.OpenConnectionAsync(CancellationToken.None);
                await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
                if (await inbox.TryBeginAsync(transaction, message, CancellationToken.None))
                {
                    Reach("begun");
                    await using var command = connection.CreateCommand();
                    command.Transaction = transaction;
                    command.CommandText = $"INSERT INTO effects (number) VALUES ({Encoding.ASCII.GetString(message.Body.Span)})";
                    await command.ExecuteNonQueryAsync(CancellationToken.None);
                    Reach("effect");
                    await transaction.CommitAsync(CancellationToken.None);
                    Reach("committed");
                }

                await message.CompleteAsync(CancellationToken.None);
                Reach("completed");
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It was told to end.
        }

        return 0;

        void Reach(string reached)
        {
            if (reached == point && --left == 0)
                Process.GetCurrentProcess().Kill();
        }
    }

    public static ProcessStartInfo Start(string database, string address, string point, int occurrence)
    {
        var program = Path.Combine(AppContext.BaseDirectory, typeof(InboxProcess).Assembly.GetName().Name!);
        return new ProcessStartInfo(
            OperatingSystem.IsWindows() ? program + ".exe" : program,
            [Name, database, address, point, occurrence.ToString(CultureInfo.InvariantCulture)]);
    }
}
