using System.Diagnostics;
using System.Text;
using Gateway.Client;
using Gateway.Client.Processing;
using Gateway.Client.Requests;

namespace Gateway.Tests.Crash;

/// <summary>Applications to be killed: one that replies to requests, and one that waits for the reply to one of its own.</summary>
internal static class RequestKillProcess
{
    public const string Replier = "replier-process";
    public const string Requester = "requester-process";

    /// <summary>The queue of the requests, at <see cref="ReplierGateway"/>.</summary>
    public const string Queue = "work";

    public const string ReplierGateway = "billing";

    /// <summary>The reply queue of the requester, the same in each of its runs.</summary>
    public const string ReplyQueue = "replies.web-1";

    private const int HandlersMax = 16;

    public static async Task<int> RunAsync(string role, string address)
    {
        var client = new GatewayClient(new GatewayClientOptions
        { Address = address, ApplicationName = role, ReplyQueue = ReplyQueue, RequestTimeout = TimeSpan.FromMinutes(1) });
        await using (client.ConfigureAwait(false))
        {
            if (role == Requester)
                await client.RequestAsync($"{Queue}@{ReplierGateway}", Encoding.UTF8.GetBytes("asked"), TimeSpan.FromMinutes(5));
            else
                await ReplyAsync(client);
        }

        return 0;
    }

    public static ProcessStartInfo Start(string role, TestGateway gateway)
    {
        var program = Path.Combine(AppContext.BaseDirectory, typeof(RequestKillProcess).Assembly.GetName().Name!);
        return new ProcessStartInfo(OperatingSystem.IsWindows() ? program + ".exe" : program, [role, gateway.Address]);
    }

    private static async Task ReplyAsync(GatewayClient client)
    {
        var options = new GatewayProcessorOptions { ConcurrencyMax = HandlersMax, AttemptsMax = 1_000 };
        var processor = client.CreateProcessor(Queue, options);
        await using (processor.ConfigureAwait(false))
        {
            processor.ProcessMessageAsync += async args =>
            {
                var text = $"re: {Encoding.UTF8.GetString(args.Message.Body.Span)}";
                await args.Message.ReplyAsync(Encoding.UTF8.GetBytes(text), cancellationToken: args.CancellationToken);
                Console.WriteLine("replied");
            };
            await processor.StartProcessingAsync();
            await Console.In.ReadToEndAsync();
        }
    }
}
