using Gateway.Client.Hosting;
using Gateway.Client.Outbox;
using Gateway.Client.Processing;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Web;

/// <summary>Adds a shipment to its order. It may come twice; the inbox sees to it that it is added once.</summary>
internal sealed class ShipmentHandler(ShopContext shop, GatewayInbox inbox) : IMessageHandler<Shipment>
{
    public async Task HandleAsync(Shipment message, ProcessMessageEventArgs args, CancellationToken cancellationToken)
    {
        await using var transaction = await shop.Database.BeginTransactionAsync(cancellationToken);
        if (!await inbox.TryBeginAsync(transaction.GetDbTransaction(), args.Message, cancellationToken))
            return;
        var order = await shop.Orders.SingleOrDefaultAsync(order => order.Id == message.Order, cancellationToken)
            ?? throw new RejectMessageException($"There is no order {message.Order}.");
        order.Shipped += message.Pieces;
        await shop.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }
}
