using Gateway.Client.Hosting;
using Gateway.Client.Processing;
using Microsoft.Extensions.Logging;

namespace Worker;

/// <summary>Handles one order. It may come twice, as after a crash: what it does must bear that.</summary>
internal sealed partial class OrderHandler(ILogger<OrderHandler> logger) : IMessageHandler<Order>
{
    public Task HandleAsync(Order message, ProcessMessageEventArgs args, CancellationToken cancellationToken)
    {
        // No repetition helps here: the order becomes a dead letter with this reason. Any other exception makes it come again.
        if (message.Pieces <= 0)
            throw new RejectMessageException($"An order of {message.Pieces} pieces cannot be delivered.");
        LogHandled(logger, message.Pieces, message.Customer, args.Message.Id.ToString());
        return Task.CompletedTask;
    }

    [LoggerMessage(1, LogLevel.Information, "{Pieces} pieces for {Customer} (message {Id})")]
    private static partial void LogHandled(ILogger logger, int pieces, string customer, string id);
}
