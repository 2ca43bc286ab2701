using System.Collections.Concurrent;
using System.Text;
using Gateway.Client;
using Gateway.Client.Hosting;
using Gateway.Client.Processing;
using Gateway.Tests.Client.Processing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Shouldly;
using Xunit;
using static Gateway.Tests.Crash.ProcessTest;

namespace Gateway.Tests.Client.Hosting;

public sealed class GatewayProcessorServicesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AddGatewayProcessor_Host_HandlesInAScopeEachAndStopsWithIt()
    {
        var queue = new FakeQueue(null, null);
        using var gateway = new FakeGateway(queue.Answer);
        using var host = Build(gateway, services => services.AddScoped<Scoped>().AddSingleton<Log>()
            .AddGatewayProcessor<ReceivedMessage, RawHandler>("orders"));

        await host.StartAsync(Token);
        await UntilAsync("the queue is empty", () => queue.IsEmpty);
        var processor = host.Services.GetRequiredKeyedService<GatewayProcessor>("orders");
        processor.State.ShouldBe(ProcessorState.Running);
        await host.StopAsync(Token);

        processor.State.ShouldBe(ProcessorState.Stopped);
        var log = host.Services.GetRequiredService<Log>();
        log.Bodies.ShouldBe(["1", "2"], ignoreOrder: true);
        log.Scopes.ShouldBeUnique();
        log.Scopes.ShouldAllBe(scope => scope.IsDisposed);
    }

    [Fact]
    public async Task AddGatewayProcessor_Types_AreReadAsTheyAreDeclared()
    {
        var queue = new FakeQueue(null, null);
        using var gateway = new FakeGateway(queue.Answer);
        using var host = Build(gateway, services => services.AddSingleton<Log>()
            .AddGatewayProcessor<int, NumberHandler>("orders", options => options.ConcurrencyMax = 2));

        await host.StartAsync(Token);
        await UntilAsync("the queue is empty", () => queue.IsEmpty);
        await host.StopAsync(Token);

        host.Services.GetRequiredService<Log>().Bodies.ShouldBe(["number 1", "number 2"], ignoreOrder: true);
        queue.Settled.ShouldAllBe(end => end.StartsWith("complete"));
    }

    [Fact]
    public async Task AddGatewayProcessor_UnreadableMessage_IsRejectedWithTheReasonAtOnce()
    {
        var queue = new FakeQueue([null]);
        using var gateway = new FakeGateway(queue.Answer);
        using var host = Build(gateway, services => services.AddGatewayProcessor<Order, OrderHandler>("orders"));

        await host.StartAsync(Token);
        await UntilAsync("the queue is empty", () => queue.IsEmpty);
        await host.StopAsync(Token);

        queue.Settled.ShouldHaveSingleItem().ShouldStartWith("reject 1: Gateway.Client.UnreadableMessageException: The body is no Order: ");
    }

    [Fact]
    public async Task AddGatewayProcessor_BytesAndARegisteredPolicy()
    {
        var queue = new FakeQueue([null]);
        using var gateway = new FakeGateway(queue.Answer);
        using var host = Build(gateway, services => services.AddSingleton<IRetryPolicy, Never>()
            .AddGatewayProcessor<byte[], FailingHandler>("orders")
            .AddGatewayProcessor<ReadOnlyMemory<byte>, FailingHandler>("others", options => options.StartPaused = true));

        await host.StartAsync(Token);
        await UntilAsync("the queue is empty", () => queue.IsEmpty);
        host.Services.GetRequiredKeyedService<GatewayProcessor>("others").State.ShouldBe(ProcessorState.Paused);
        await host.StopAsync(Token);

        queue.Settled.ShouldBe(["reject 1: System.InvalidOperationException: never 1"]);
    }

    [Fact]
    public async Task AddGatewayProcessor_BadSection_TheHostDoesNotStart()
    {
        using var gateway = new FakeGateway(FakeGateway.Obliging);
        using var host = Build(gateway, services => services.AddGatewayProcessor<ReceivedMessage, RawHandler>(
            "orders", GatewayClientServicesTests.Section(("ConcurrencyMax", "0"), ("StopTimeout", "2.00:00:00"))));

        var failure = await Should.ThrowAsync<OptionsValidationException>(() => host.StartAsync(Token));

        failure.Failures.Count().ShouldBe(2);
        failure.Failures.ShouldAllBe(fault => fault.StartsWith("The processor of 'orders': "));
    }

    [Fact]
    public void AddGatewayProcessor_TwiceForAQueue_Throws()
    {
        var services = new ServiceCollection().AddGatewayProcessor<ReceivedMessage, RawHandler>("orders")
            .AddGatewayProcessor<ReceivedMessage, RawHandler>("orders", client: "billing");

        Should.Throw<InvalidOperationException>(() => services.AddGatewayProcessor<byte[], FailingHandler>("orders"));
    }

    private static IHost Build(FakeGateway gateway, Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddGatewayClient(options => options.Address = gateway.Address);
        configure(builder.Services);
        return builder.Build();
    }

    private sealed record Order(string Customer);

    private sealed class Log
    {
        public ConcurrentQueue<string> Bodies { get; } = new();

        public ConcurrentQueue<Scoped> Scopes { get; } = new();
    }

    private sealed class Scoped : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose() => IsDisposed = true;
    }

    private sealed class RawHandler(Log log, Scoped scope) : IMessageHandler<ReceivedMessage>
    {
        public Task HandleAsync(ReceivedMessage message, ProcessMessageEventArgs args, CancellationToken cancellationToken)
        {
            log.Bodies.Enqueue(Encoding.UTF8.GetString(message.Body.Span));
            log.Scopes.Enqueue(scope);
            return Task.CompletedTask;
        }
    }

    private sealed class NumberHandler(Log log) : IMessageHandler<int>
    {
        public Task HandleAsync(int message, ProcessMessageEventArgs args, CancellationToken cancellationToken)
        {
            log.Bodies.Enqueue($"number {message}");
            return Task.CompletedTask;
        }
    }

    private sealed class OrderHandler : IMessageHandler<Order>
    {
        public Task HandleAsync(Order message, ProcessMessageEventArgs args, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class FailingHandler : IMessageHandler<byte[]>, IMessageHandler<ReadOnlyMemory<byte>>
    {
        public Task HandleAsync(byte[] message, ProcessMessageEventArgs args, CancellationToken cancellationToken) =>
            throw new InvalidOperationException($"never {Encoding.UTF8.GetString(message)}");

        public Task HandleAsync(ReadOnlyMemory<byte> message, ProcessMessageEventArgs args, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("never");
    }

    private sealed class Never : IRetryPolicy
    {
        public TimeSpan? DelayAfter(Exception failure, int deliveries) => null;
    }
}
