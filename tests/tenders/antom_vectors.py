"""What the vendor's own library (PyPI global-open-sdk-python 1.7.1) has signed, with a key made for this file.

The library cannot stand beside the kiosk: it wants cryptography 44.0.3 exactly, and enum34, which breaks the standard
library. SHA256 with RSA (PKCS#1 v1.5) knows no chance: the same key and text have one signature, so this one shows both
directions. It was made by `sign` of com.alipay.ams.api.tools.signature_tool, and checked by its `verify`.
"""

from __future__ import annotations

PRIVATE_KEY = (
    "MIIEpAIBAAKCAQEA4lJpcvicYzMztLqUVgP/v9iZoOJgvqtN01b5pDWkkn9BnDaO/hZSKWSCzfromQ3fWFf6cpf2b4FD7qK7wCuR"
    "b+LVxdlw+KqzHC3EEryZb3NauLkZRTFp/g6VJt0zPrFSEdw+qfI7nG2QJaBnTNgXXGpLz63b+OmmeSH7Mpi8NmauCsLBbL4O7Fy3"
    "4G6OiKzv3MaS0Tszei3HO5e3Eg5XTH373Tzr0ojhKk/5DYsIglR/Vs5LytvBlvnVOaTsRsh4h7Rt34aV+0VlP1zZVxoauYq+Xp1S"
    "8VVC58n2cvwNlJs43JZyYi4hlbRPlKW4hYxj1iF2BT0WGRYjBOun54tPZwIDAQABAoIBACQ2EbzSrgRUk8AlyYhuW7QLM3V26F90"
    "KDUZfu2OTwEeOatasramb/SYf4dLzyh3UZYgftK+oVrw604aHSvfrLBNXRfVX8p3AXEPmjDHRU4m6PaSWHU7ip0azImAg0D+J8ac"
    "ydfw3nx7rpXJRuNC1eYJnzdLjDJqK/fIqe5MBXKMiTRocbvB5wyKz+t2lEw1UikE+B/RAA2rGg9mj+0qPtDFw1RLe5dRPxZH/Fs3"
    "GAbn20JIGVk1odQQZoR1Fv4wVBb3AUHyYNK4hGlCVkS7aALFuAoc7Q8f3O/X22OeDDi/gDOiGq+YSzikDQgHWJCcC22m5+45lUl/"
    "V8H28AL3yoUCgYEA9cJFbObNwvNo279HhXxJSECXCClezAatLBl4KC83LEelgjf4hSh+MOWO2y/48iVCtE/YP2uW5GFGAtIebPS2"
    "N6UTiIi6LhKE2wO0jsyHe4t0UuedcxKolETqkj5ndEoNlLVsAXN22eUfvR5W5SILOJF+OZMMUa4mevGhdOQ1nGsCgYEA68DKGaso"
    "jAo5h6iqdxllGS3lmLks7amVX2BMY+2p8y4KySCuECVyG65OWQDVa0Vg8FtSnln+/qPKkdASOSw0pVVILruCtcVTzzpj02hwFy6h"
    "m6RBbPf7P6ddoUcBoITGZYg7ZZ2ogpLXd07RPxysUdRBo7raon8o7vYzMqlNF/UCgYEAt4s6MpVGA12raMM49VbXnGCw6+WJ6TLr"
    "Ts5O0SRCPo3b7J9Eup59cKNhyA3SDXcKlIQ1a1g9P5/um9i15IX3OSPOrOAAvLwUAUaJKUVTwk9qtyhIjVLYGLRHxKVaup07+15r"
    "pcHIeAAJbkMkfsioPL1c2j8aqj44ewXPoe92orUCgYALriaVNPyyS4NkLEAd3H08zSBV+761G7TR3+SJAuprqPlR07OsCx7nLjCl"
    "ijwIr4xI/E1QmSbgGN9dcBCnEoCdPGdyIUotlVQ8rSjq/X6oN2A8ZNv0+ShSlAk4h1sWR93IhAJlW3VQ2tOgDqChXttOxpRl90kD"
    "ygcOJ9aLiQXPzQKBgQDxRT9UXtUJ8ykTmi1/b+GID0tfNWH9LKfYnKQGo0JwaqW9lz+yzpDjAI68BSUJIzSdDHpGeC79iLfZIzH0"
    "mWUDRcqEEVCOcQ+F/EnHagOxncPR2ZTv2hpKfzTonlHB0FW0eXA2Asm/et9VD0Wu6Iyz6ET6rrjkTSpE4KNqKJssrQ=="
)
PUBLIC_KEY = (
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA4lJpcvicYzMztLqUVgP/v9iZoOJgvqtN01b5pDWkkn9BnDaO/hZSKWSC"
    "zfromQ3fWFf6cpf2b4FD7qK7wCuRb+LVxdlw+KqzHC3EEryZb3NauLkZRTFp/g6VJt0zPrFSEdw+qfI7nG2QJaBnTNgXXGpLz63b"
    "+OmmeSH7Mpi8NmauCsLBbL4O7Fy34G6OiKzv3MaS0Tszei3HO5e3Eg5XTH373Tzr0ojhKk/5DYsIglR/Vs5LytvBlvnVOaTsRsh4"
    "h7Rt34aV+0VlP1zZVxoauYq+Xp1S8VVC58n2cvwNlJs43JZyYi4hlbRPlKW4hYxj1iF2BT0WGRYjBOun54tPZwIDAQAB"
)
SIGNATURE = (
    "nbclsDhQUzfSwVmIurcP7eZKcUIWf78%2FCEyi%2BHF%2BLTv4881KZdyMR1czuySN5dOVGXodl0tnnakFak0Oaw8q0Q1FDIugnO"
    "CbCIm2X1FFJSqVmUawVOyoulCygCmbOtKEg89uM2JZm5oa4GidAYddV77rHKg2RgL3szEnuZ5UIS7FLxQQ5z%2FqFim481AiV0AD"
    "rSk30vrNMjkm3Ooar2pWSUznyaFloknx04Av860ypsoWs2Kq%2BVXz%2BWLzD9lUaum3jEeR2zdzLYS8yeDJNTBGFbswe39Gyb6g"
    "lBYOI1TjaGRJYL0eTfZ5wAxxZCNbyi7Zyo038sVqDzWtSsPxcrIbZA%3D%3D"
)
PATH = "/ams/sandbox/api/v1/payments/inquiryPayment"
CLIENT_ID = "SANDBOX_5Y00000000000109"
TIME = "2026-11-22T20:00:00+08:00"
BODY = '{"paymentRequestId":"T077Q3F9XKD2MWBP1","描述":"流量/充值"}'
