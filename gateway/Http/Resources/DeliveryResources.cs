using System.ComponentModel;
using Gateway.Client.Wire;
using Gateway.Configuration;
using Gateway.Http.Answers;
using Gateway.Http.Security;
using Gateway.Http.Views;
using Gateway.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Http.Resources;

/// <summary>
/// Delivers messages to programs without ZeroMQ and accepts their settlement. Any caller with the same token can settle them.
/// </summary>
internal static class DeliveryResources
{
    private const int MessagesMax = 100;
    private const double WaitSecondsMax = 60;
    private const double LeaseSecondsMin = ProtocolLimits.LeaseMsMin / 1000.0;
    private const double LeaseSecondsMax = ProtocolLimits.LeaseMsMax / 1000.0;
    private const double DelaySecondsMax = ProtocolLimits.DelayMsMax / 1000.0;

    /// <summary>Reading messages that are only on disk takes a moment; a caller that does not wait must not see an empty queue.</summary>
    private static readonly TimeSpan _waitMin = TimeSpan.FromMilliseconds(200);

    private static readonly RequestId _id = RequestId.FromNumber(1);

    public static void MapDeliveries(this IEndpointRouteBuilder api)
    {
        api.MapPost("/inbound/{queue}/receive", ReceiveAsync).Needs(HttpRoles.Receive).WithTags("Applications")
            .WithMetadata(new LongRunning())
            .Produces<ReceivedView>().Produces<byte[]>(contentType: BareDelivery.MediaType).Produces(StatusCodes.Status204NoContent)
            .WithDescription("Who accepts application/octet-stream gets one message, as the body of the answer: Delivery-Token, "
                + "Message-Id, Message-Deliveries, Message-Source and Message-Headers are headers of the answer. 204 if there is none.")
            .WithSummary("The next messages of an inbound queue, each to be settled before its lease ends; none when the time to "
                + "wait is over. Their leases begin when the answer is written, and again whenever one of them is settled or renewed.");
        var deliveries = api.MapGroup("/deliveries/{token:long}").WithTags("Applications");
        deliveries.MapPost("/complete", (long token, Caller caller, IManagement management, CancellationToken cancellationToken) =>
            SettleAsync(new Request.Complete(_id, new DeliveryToken(token)), caller, management, cancellationToken))
            .Needs(HttpRoles.Receive)
            .WithSummary("The message is done, and leaves the queue; the answer comes when that is on disk.");
        deliveries.MapPost("/abandon", AbandonAsync).Needs(HttpRoles.Receive).WithSummary("The message is delivered again, after a delay.");
        deliveries.MapPost("/reject", RejectAsync).Needs(HttpRoles.Receive).WithSummary("The message becomes a dead letter.");
        deliveries.MapPost("/renew", RenewAsync).Needs(HttpRoles.Receive)
            .WithSummary("The lease begins anew, with those of all that were received together with it.");
        deliveries.MapPost("/release", (long token, Caller caller, IManagement management, CancellationToken cancellationToken) =>
            SettleAsync(new Request.Release(_id, new DeliveryToken(token)), caller, management, cancellationToken)).Needs(HttpRoles.Receive)
            .WithSummary("The message is available again at once, as if it had not been delivered.");
    }

    private static async Task<IResult> ReceiveAsync(
        string queue,
        Caller caller,
        IManagement management,
        GatewayAccess gateway,
        TimeProvider time,
        HttpContext context,
        [Description("The largest number of messages, 1 to 100")] int max = 1,
        [Description("Seconds to wait for the first one, at most 60")] double wait = 0,
        [Description("Seconds of the lease; the gateway's default if left out")] double? lease = null)
    {
        if (!Names.IsValid(queue)) throw ProblemException.NotFound(
            $"'{queue}' is no name of a queue: it is 1 to {Names.LengthMax} of a-z A-Z 0-9 . _ -, starting with a letter or digit.");
        if (max is < 1 or > MessagesMax) throw ProblemException.BadRequest($"max is {max}; it is 1 to {MessagesMax}.");
        var isBare = BareDelivery.IsWanted(context.Request);
        if (isBare && max > 1) throw ProblemException.BadRequest(
            $"max is {max}, but {BareDelivery.MediaType} holds one message: accept application/json, or leave out max.");
        var patience = Seconds.Read(nameof(wait), wait, 0, WaitSecondsMax);
        var received = await management.ReceiveAsync(
            caller.Receiver, queue, max, LeaseOf(lease), patience < _waitMin ? _waitMin : patience, context.RequestAborted);
        if (received.Refusal is { } refusal) throw WireProblems.Of(refusal);
        IResult view = isBare
            ? new BareDelivery(received.Messages.FirstOrDefault())
            : TypedResults.Ok(new ReceivedView([.. received.Messages.Select(DeliveryView.Of)]));
        if (received.Messages is not [var first, ..]) return view;
        // The rest of the batch is renewed with it. If the message was settled meanwhile, the settlement has renewed the others.
        return new HeldWhileWritten(view, LeaseOf(lease) ?? gateway.Options.Inbox.Lease, time,
            () => management.SettleAsync(caller.Receiver, new Request.Renew(_id, first.Token, LeaseOf(lease)), CancellationToken.None));
    }

    private static Task<IResult> AbandonAsync(
        long token,
        Caller caller,
        IManagement management,
        CancellationToken cancellationToken,
        [Description("Seconds until it may be delivered again")] double delay = 0) =>
        SettleAsync(new Request.Abandon(_id, new DeliveryToken(token), Seconds.Read(nameof(delay), delay, 0, DelaySecondsMax)),
            caller, management, cancellationToken);

    private static Task<IResult> RejectAsync(
        long token,
        Caller caller,
        IManagement management,
        CancellationToken cancellationToken,
        [Description("Why, kept with the dead letter")] string reason = "") =>
        SettleAsync(new Request.Reject(_id, new DeliveryToken(token), WireText.Cut(reason, ProtocolLimits.ReasonBytesMax)),
            caller, management,
            cancellationToken);

    private static Task<IResult> RenewAsync(
        long token,
        Caller caller,
        IManagement management,
        CancellationToken cancellationToken,
        [Description("Seconds of the new lease; the gateway's default if left out")] double? lease = null) =>
        SettleAsync(new Request.Renew(_id, new DeliveryToken(token), LeaseOf(lease)), caller, management, cancellationToken);

    private static async Task<IResult> SettleAsync(
        Request settle, Caller caller, IManagement management, CancellationToken cancellationToken) =>
        await management.SettleAsync(caller.Receiver, settle, cancellationToken) is var reply
            && reply is Reply.Settled ? TypedResults.NoContent() : throw WireProblems.Of(reply);

    private static TimeSpan? LeaseOf(double? lease) =>
        lease is { } seconds ? Seconds.Read(nameof(lease), seconds, LeaseSecondsMin, LeaseSecondsMax) : null;
}

/// <summary>The received messages.</summary>
/// <param name="Messages">Empty if none arrived in time.</param>
internal sealed record ReceivedView(IReadOnlyList<DeliveryView> Messages);
