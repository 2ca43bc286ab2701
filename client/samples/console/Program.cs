using System.Text;
using Gateway.Client;

// Sends a greeting to a queue of the gateway on this host, and receives it. The argument is the gateway's address, if it is another one.
var options = args is [var address] ? new GatewayClientOptions { Address = address } : new GatewayClientOptions();
await using var gateway = new GatewayClient(options);
await gateway.EnqueueAsync("greetings@local", Encoding.UTF8.GetBytes("hello"));
await foreach (var message in gateway.ReceiveAsync("greetings"))
{
    Console.WriteLine(Encoding.UTF8.GetString(message.Body.Span));
    await message.CompleteAsync();
    break;
}
