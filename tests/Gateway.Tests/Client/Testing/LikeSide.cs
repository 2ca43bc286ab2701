using System.Text;
using Gateway.Client.Wire;

namespace Gateway.Tests.Client.Testing;

/// <summary>One of two gateways that are compared: does a step, and tells what its clients heard.</summary>
internal abstract class LikeSide
{
    public const int Connections = 2;

    private readonly List<DeliveryToken> _tokens = [];
    private readonly List<(string Consumer, DeliveryToken Token, string What)> _delivered = [];
    private readonly List<string> _answered = [];
    private int _steps;

    /// <summary>The messages that were delivered, in the order of each consumer, and everything else, which may come in any.</summary>
    public string Do(LikeStep step)
    {
        _delivered.Clear();
        _answered.Clear();
        if (_steps++ == 0)
        {
            for (var connection = 0; connection < Connections; connection++)
                Send(connection, new Request.Hello("1", "app"));
        }

        if (step.Passes is { } time)
        {
            Pass(time);
        }
        else if (step.IsReconnection)
        {
            Lose(step.Connection);
            Send(step.Connection, new Request.Hello("1", "app"));
        }
        else
        {
            Send(step.Connection, step.ToRequest(_steps, _tokens));
        }

        var delivered = _delivered.OrderBy(one => one.Consumer, StringComparer.Ordinal).ToList();
        _tokens.AddRange(delivered.Select(one => one.Token));
        return string.Join("; ", delivered.Select(one => one.What).Concat(_answered.Order(StringComparer.Ordinal)));
    }

    protected abstract void Send(int connection, Request request);

    protected abstract void Lose(int connection);

    protected abstract void Pass(TimeSpan time);

    protected void Hear(int connection, Reply reply)
    {
        if (reply is Reply.Delivery delivery)
        {
            var message = delivery.Message;
            var consumer = $"{connection} {delivery.Subscription}";
            _delivered.Add((consumer, delivery.Token, $"{consumer} gets {message.Id}, {message.Deliveries} of {message.Source}, "
                + $"{Encoding.UTF8.GetString(message.Body.Span)} of {message.EnqueuedUnixMs}"));
            return;
        }

        _answered.Add($"{connection}: " + reply switch
        {
            Reply.Welcome => "welcome",
            Reply.Accepted r => $"accepted {r.Id} {string.Join(' ', r.MessageIds)}",
            Reply.Rejected r => $"rejected {r.Id} {r.Code}",
            Reply.Peeked r => $"peeked {r.Id} {string.Join(' ', r.Messages.Select(one => $"{one.Number} {one.Message.Id}"))}",
            Reply.Depth r => $"depth {r.Id} {r.Messages} {r.State} {r.Cause}",
            _ => reply.ToString(),
        });
    }
}
