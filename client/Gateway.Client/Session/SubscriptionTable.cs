using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>The running subscriptions by current id.</summary>
internal sealed class SubscriptionTable
{
    private readonly Dictionary<RequestId, Subscription> _subscriptions = [];

    public IReadOnlyCollection<Subscription> All => _subscriptions.Values;

    public void Add(Subscription subscription) => _subscriptions.Add(subscription.Id, subscription);

    public bool Remove(Subscription subscription) => _subscriptions.Remove(subscription.Id);

    public Subscription? Find(RequestId id) => _subscriptions.GetValueOrDefault(id);

    public Subscription[] Due(TimeSpan now) => [.. _subscriptions.Values.Where(subscription => subscription.RetryAt <= now)];

    /// <summary>Handles a lost connection; buffered messages are redelivered.</summary>
    public void LoseAll()
    {
        foreach (var subscription in _subscriptions.Values)
            subscription.Lose();
    }

    public void EndAll(GatewayException exception)
    {
        foreach (var subscription in _subscriptions.Values)
        {
            subscription.Lose();
            subscription.End(exception);
        }

        _subscriptions.Clear();
    }
}
