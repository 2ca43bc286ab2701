using System.Text;
using Gateway.Client;

namespace Gateway.Tests.Crash;

/// <summary>Sending and taking short texts.</summary>
internal static class ProcessMessages
{
    /// <summary>A message that does not come within this time does not come: the test fails, and holds up no other.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    public static ValueTask<EnqueueReceipt> SendAsync(
        this GatewayClient client, string destination, string text, EnqueueOptions? options = null) =>
        client.EnqueueAsync(destination, Encoding.UTF8.GetBytes(text), options, Xunit.TestContext.Current.CancellationToken);

    public static async Task SendAllAsync(this GatewayClient client, string destination, IEnumerable<string> texts) =>
        await Task.WhenAll(texts.Select(text => client.SendAsync(destination, text).AsTask()));

    /// <summary>Takes and completes so many messages; gives their texts.</summary>
    public static async Task<IReadOnlyList<string>> TakeAsync(this GatewayClient client, string queue, int count)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Xunit.TestContext.Current.CancellationToken);
        limit.CancelAfter(_patience);
        var texts = new List<string>();
        await foreach (var message in client.ReceiveAsync(queue, null, limit.Token))
        {
            limit.CancelAfter(_patience);
            texts.Add(Encoding.UTF8.GetString(message.Body.Span));
            await message.CompleteAsync(limit.Token);
            if (texts.Count == count)
                break;
        }

        return texts;
    }

    public static IEnumerable<string> Numbered(int count) => Enumerable.Range(1, count).Select(number => $"message {number}");
}
