using System.Text;
using Gateway.Client;

namespace Gateway.Tests.Client.Testing;

/// <summary>The application whose tests the pages of the client show.</summary>
internal sealed class Shop
{
    public async Task OrderAsync(GatewayClient client, string text)
    {
        var options = new EnqueueOptions { MessageId = MessageId.New(DateTimeOffset.UnixEpoch) };
        while (true)
        {
            try
            {
                await client.EnqueueAsync("orders@billing", Encoding.UTF8.GetBytes(text), options);
                return;
            }
            catch (GatewayException e) when (e.Reason == GatewayError.PossiblyAccepted)
            {
                options = options with { MessageId = e.MessageIds[0] };
            }
        }
    }
}
