using Gateway.Client.Hosting;
using Gateway.Client.Outbox;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Web;

// A shop: orders are posted to it, and it tells the warehouse of them by messages; the warehouse answers with shipments. An order and its
// message are stored in one transaction, and so are a shipment's effect and its id: nothing is forgotten, and nothing counts twice.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
var database = builder.Configuration.GetConnectionString("Shop")!;
var source = SqliteFactory.Instance.CreateDataSource(database);
builder.Services.AddDbContext<ShopContext>(options => options.UseSqlite(database));
builder.Services.AddGatewayClient(builder.Configuration.GetSection("Gateway"));
builder.Services.AddGatewayOutbox(outbox => (outbox.Dialect, outbox.DataSource) = (OutboxDialect.Sqlite, source));
builder.Services.AddGatewayInbox(inbox => (inbox.Dialect, inbox.DataSource) = (OutboxDialect.Sqlite, source));
builder.Services.AddGatewayProcessor<Shipment, ShipmentHandler>("shipments", builder.Configuration.GetSection("Shipments"));
builder.Services.AddHealthChecks().AddGatewayClient();
var app = builder.Build();

await using (var scope = app.Services.CreateAsyncScope())
{
    var shop = scope.ServiceProvider.GetRequiredService<ShopContext>();
    await shop.Database.EnsureCreatedAsync();
    await using var connection = await source.OpenConnectionAsync();
    await app.Services.GetRequiredService<GatewayOutbox>().CreateSchemaAsync(connection);
    await app.Services.GetRequiredService<GatewayInbox>().CreateSchemaAsync(connection);
}

app.MapPost("/orders", async (NewOrder posted, ShopContext shop, GatewayOutbox outbox, CancellationToken cancellationToken) =>
{
    await using var transaction = await shop.Database.BeginTransactionAsync(cancellationToken);
    var order = new Order { Customer = posted.Customer, Pieces = posted.Pieces };
    shop.Orders.Add(order);
    await shop.SaveChangesAsync(cancellationToken);
    await outbox.EnqueueAsync(
        shop.Database.CurrentTransaction!.GetDbTransaction(), "warehouse@local", new OrderPlaced(order.Id, order.Pieces),
        cancellationToken: cancellationToken);
    // Neither the order nor its message remains if this ends here, as it does for an order of nothing.
    if (order.Pieces <= 0)
        return Results.BadRequest("An order has at least one piece.");
    await transaction.CommitAsync(cancellationToken);
    outbox.Wake();
    return Results.Created($"/orders/{order.Id}", order);
});
app.MapGet("/orders/{id:int}", async (int id, ShopContext shop, CancellationToken cancellationToken) =>
    await shop.Orders.FindAsync([id], cancellationToken) is { } order ? Results.Ok(order) : Results.NotFound());
app.MapHealthChecks("/healthz");

await app.RunAsync();
