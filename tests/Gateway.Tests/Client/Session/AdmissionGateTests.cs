using Gateway.Client;
using Gateway.Client.Session;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client.Session;

public sealed class AdmissionGateTests
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EnterAsync_Full_WaitsInOrderUntilSomeoneLeaves()
    {
        var gate = new AdmissionGate(callsMax: 1, bytesMax: 100);
        await gate.EnterAsync(1, _deadline, Token);
        var second = gate.EnterAsync(1, _deadline, Token).AsTask();
        var third = gate.EnterAsync(1, _deadline, Token).AsTask();

        gate.Leave(1);

        await second;
        third.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task EnterAsync_LargerThanTheBound_GoesAlone()
    {
        var gate = new AdmissionGate(callsMax: 10, bytesMax: 100);
        await gate.EnterAsync(1000, _deadline, Token);
        var next = gate.EnterAsync(1, _deadline, Token).AsTask();
        next.IsCompleted.ShouldBeFalse();

        gate.Leave(1000);

        await next;
    }

    [Fact]
    public async Task EnterAsync_Cancelled_LetsTheNextOneIn()
    {
        var gate = new AdmissionGate(callsMax: 10, bytesMax: 100);
        await gate.EnterAsync(60, _deadline, Token);
        using var cancellation = new CancellationTokenSource();
        var large = gate.EnterAsync(60, _deadline, cancellation.Token).AsTask();
        var small = gate.EnterAsync(10, _deadline, Token).AsTask();

        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(large);
        await small;
    }

    [Fact]
    public async Task Expire_DeadlinePassed_Throws()
    {
        var gate = new AdmissionGate(callsMax: 1, bytesMax: 100);
        await gate.EnterAsync(1, _deadline, Token);
        var waiting = gate.EnterAsync(1, _deadline, Token).AsTask();

        gate.Expire(_deadline - TimeSpan.FromTicks(1), CallFailure.NotSent(connected: true, refusal: null));
        waiting.IsCompleted.ShouldBeFalse();
        gate.Expire(_deadline, CallFailure.NotSent(connected: true, refusal: null));

        (await Should.ThrowAsync<GatewayException>(waiting)).Reason.ShouldBe(GatewayError.TimedOut);
    }

    [Fact]
    public async Task Close_WaitersAndLaterOnes_AreToldSo()
    {
        var gate = new AdmissionGate(callsMax: 1, bytesMax: 100);
        await gate.EnterAsync(1, _deadline, Token);
        var waiting = gate.EnterAsync(1, _deadline, Token).AsTask();

        gate.Close(CallFailure.Disposed());

        (await Should.ThrowAsync<GatewayException>(waiting)).Reason.ShouldBe(GatewayError.Disposed);
        (await Should.ThrowAsync<GatewayException>(async () => await gate.EnterAsync(1, _deadline, Token))).Reason.ShouldBe(
            GatewayError.Disposed);
    }
}
