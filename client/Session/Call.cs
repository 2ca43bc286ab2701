using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>
/// One request that waits for its answer. Made by the caller, who awaits <see cref="Answer"/>; from then on the session alone changes it.
/// The frames are encoded once and used for each repetition.
/// </summary>
internal sealed class Call
{
    private readonly TaskCompletionSource<Reply> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="id">The id that the request carries.</param>
    /// <param name="request">What to ask.</param>
    /// <param name="deadline">When to give up, in the session's time.</param>
    /// <param name="connection">The only connection on which the request has a meaning; 0 for any.</param>
    public Call(RequestId id, Request request, TimeSpan deadline, int connection = 0)
    {
        Id = id;
        Request = request;
        Deadline = deadline;
        Connection = connection;
        Frames = RequestCodec.Encode(request);
    }

    public RequestId Id { get; }

    public Request Request { get; }

    public TimeSpan Deadline { get; }

    public int Connection { get; }

    public IReadOnlyList<ReadOnlyMemory<byte>> Frames { get; }

    public Task<Reply> Answer => _answer.Task;

    /// <summary>The place among all calls, by which they are repeated on a new connection.</summary>
    public long Order { get; set; }

    /// <summary>When the session was given it, in the session's time.</summary>
    public TimeSpan SubmittedAt { get; set; }

    /// <summary>Sent on the present connection and not answered there.</summary>
    public bool InFlight { get; set; }

    /// <summary>Sent on an earlier connection that ended before the answer; what became of it is unknown.</summary>
    public bool LostOnce { get; set; }

    /// <summary>How often the gateway answered that it should be tried again.</summary>
    public int Refusals { get; set; }

    public TimeSpan RetryAt { get; set; }

    /// <summary>The caller has its answer; an entry may still stand in the table until the gateway's answer comes.</summary>
    public bool IsDone { get; private set; }

    public void Succeed(Reply reply)
    {
        IsDone = true;
        _answer.TrySetResult(reply);
    }

    public void Fail(GatewayException exception)
    {
        IsDone = true;
        _answer.TrySetException(exception);
        // Nobody awaits a RELEASE; looked at here, its failure does not show up as unobserved.
        _ = _answer.Task.Exception;
    }

    public void Cancel(CancellationToken cancellationToken)
    {
        IsDone = true;
        _answer.TrySetCanceled(cancellationToken);
    }

    public bool IsAnsweredBy(Reply reply) => (Request, reply) switch
    {
        (Request.Enqueue request, Reply.Accepted accepted) => accepted.MessageIds.Count == request.Items.Count,
        (Request.Complete or Request.Abandon or Request.Reject or Request.Release or Request.Renew, Reply.Settled) => true,
        (Request.Peek, Reply.Peeked) => true,
        (Request.Ready, Reply.Ready) => true,
        (Request.Depth, Reply.Depth) => true,
        _ => false,
    };
}
