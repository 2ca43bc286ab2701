using System.Collections.Concurrent;
using Gateway.Client.Transport;
using Gateway.Client.Wire;

namespace Gateway.Client.Testing.Memory;

/// <summary>News for an application, told in their order and one at a time, on whatever thread comes along. Thread-safe.</summary>
internal sealed class NewsQueue(IPeerNews peerNews)
{
    private readonly ConcurrentQueue<Reply.Peer> _news = new();
    private int _isTelling;

    public void Add(Reply.Peer news) => _news.Enqueue(news);

    /// <summary>Tells what there is, unless another thread, or a caller of this method, does so already.</summary>
    public void Tell()
    {
        while (!_news.IsEmpty && Interlocked.Exchange(ref _isTelling, 1) == 0)
        {
            while (_news.TryDequeue(out var news))
                peerNews.OnPeer(news);
            Volatile.Write(ref _isTelling, 0);
        }
    }
}
