using Gateway.Client.Processing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gateway.Client.Hosting;

/// <summary>Runs a processor with the host, and gives each message to a handler from a scope of its own.</summary>
internal sealed class ProcessorService<TMessage, THandler>(
    GatewayProcessor processor, IServiceScopeFactory scopes, IMessageSerializer serializer) : IHostedService
    where THandler : class, IMessageHandler<TMessage>
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        processor.ProcessMessageAsync += HandleAsync;
        return processor.StartProcessingAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => processor.StopProcessingAsync(cancellationToken);

    private async Task HandleAsync(ProcessMessageEventArgs args)
    {
        var message = Read(args.Message);
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var handler = scope.ServiceProvider.GetRequiredService<THandler>();
            await handler.HandleAsync(message, args, args.CancellationToken).ConfigureAwait(false);
        }
    }

    private TMessage Read(ReceivedMessage received) => received switch
    {
        TMessage itself => itself,
        { Body: TMessage body } => body,
        _ when typeof(TMessage) == typeof(byte[]) => (TMessage)(object)received.Body.ToArray(),
        _ => received.As<TMessage>(serializer),
    };
}
