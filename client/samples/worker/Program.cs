using Gateway.Client.Hosting;
using Microsoft.Extensions.Hosting;
using Worker;

// Handles the orders of the queue "orders", four at once, those of one customer in order. Ctrl-C or SIGTERM ends it: running handlers go on
// to their end, and the gateway keeps all other messages.
var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Services.AddGatewayClient(builder.Configuration.GetSection("Gateway"));
builder.Services.AddGatewayProcessor<Order, OrderHandler>("orders", builder.Configuration.GetSection("Orders"));

await builder.Build().RunAsync();
