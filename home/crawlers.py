"""Crawlers that gather for training machines, for robots.txt. Those that answer a person's question, or feed a search
engine, are not among them.

Each with who runs it and, where they say it, the page on which they describe it. The list is kept by hand: a name that is
missing here is not refused. A longer one, of other purposes too, is kept by ai.robots.txt
(github.com/ai-robots-txt/ai.robots.txt).
"""

TRAINING = {
    "AI2Bot": "Ai2, allenai.org/crawler",
    "Ai2Bot-Dolma": "Ai2, allenai.org/crawler",
    "anthropic-ai": "Anthropic, an older name",
    "Applebot-Extended": "Apple, support.apple.com/en-us/119829",
    "Bytespider": "ByteDance",
    "CCBot": "Common Crawl, whose archives others train on, commoncrawl.org/ccbot",
    "ClaudeBot": "Anthropic, support.anthropic.com/en/articles/8896518",
    "cohere-training-data-crawler": "Cohere",
    "Cotoyogi": "ROIS, ds.rois.ac.jp/en_center8/en_crawler",
    "DeepSeekBot": "DeepSeek",
    "Diffbot": "Diffbot, diffbot.com",
    "FacebookBot": "Meta, developers.facebook.com/docs/sharing/bot",
    "Google-Extended": "Google, developers.google.com/search/docs/crawling-indexing/google-common-crawlers",
    "GPTBot": "OpenAI, platform.openai.com/docs/bots",
    "img2dataset": "a program that makes data sets of pictures, github.com/rom1504/img2dataset",
    "meta-externalagent": "Meta, developers.facebook.com/docs/sharing/webmasters/web-crawlers",
}


def refusal():
    """The part of robots.txt that shuts them out: one group for all of them."""
    return "".join(f"User-agent: {name}\n" for name in TRAINING) + "Disallow: /\n"
